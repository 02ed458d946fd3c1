import './Launcher.css';
import type { Persona } from './persona';

interface Props {
  persona: Pick<Persona, 'emoji' | 'color'>;
  size: number;
  /** Moves a little now and then, unless the guest wants no motion. */
  lively?: boolean;
}

/** The face of the assistant, on a plate in its own colour. */
export function Avatar({ persona, size, lively }: Props) {
  return (
    <span
      aria-hidden
      className={lively ? 'avatar lively' : 'avatar'}
      style={{
        width: size,
        height: size,
        fontSize: size * 0.56,
        borderWidth: Math.max(2, Math.round(size / 18)),
        ...(persona.color && { borderColor: persona.color }),
      }}
    >
      <span>{persona.emoji}</span>
    </span>
  );
}
