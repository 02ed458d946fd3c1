import './Awning.css';

/** The striped, scalloped cloth over a shop's window, in the restaurant's own colour. A picture, nothing to read. */
export function Awning() {
  return (
    <svg aria-hidden className="awning" width="100%" height="46">
      <defs>
        <pattern id="awning" width="88" height="46" patternUnits="userSpaceOnUse">
          <path d="M0 0h44v24a22 22 0 0 1-44 0z" fill="var(--brand-cloth, #c4552d)" />
          <path d="M44 0h44v24a22 22 0 0 1-44 0z" fill="#fff3df" />
          <path d="M0 0h88v7H0z" fill="#3a2116" opacity=".14" />
        </pattern>
      </defs>
      <rect width="100%" height="46" fill="url(#awning)" />
    </svg>
  );
}
