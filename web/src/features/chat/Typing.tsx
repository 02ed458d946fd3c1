import Box from '@mui/material/Box';
import { keyframes } from '@mui/material/styles';
import { useT } from '../../i18n/i18n';

const bob = keyframes`0%, 70%, 100% { transform: none; opacity: .45 } 35% { transform: translateY(-5px); opacity: 1 }`;

/** Three crumbs that hop while the answer is being thought of. */
export function Typing({ name }: { name: string }) {
  const t = useT();
  return (
    <Box
      data-testid="ai-typing"
      role="img"
      aria-label={t('chat.thinking', { name })}
      sx={{ display: 'flex', gap: 0.75, px: 2, py: 1.5 }}
    >
      {[0, 1, 2].map((each) => (
        <Box
          key={each}
          sx={{
            width: 10,
            height: 10,
            borderRadius: '46% 54% 50% 50%',
            bgcolor: 'primary.main',
            '@media (prefers-reduced-motion: no-preference)': {
              animation: `${bob} 1.1s ${each * 0.15}s infinite`,
            },
          }}
        />
      ))}
    </Box>
  );
}
