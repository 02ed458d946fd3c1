import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useT } from '../../i18n/i18n';
import { Toggle } from '../../ui/Toggle';
import { canSpeak } from './recognition';
import { hush } from './speech';
import { useVoiceStore } from './voiceStore';

/** What is being understood, always in writing; what went wrong; and the switches, once the voice is in use. */
export function VoiceBar({ onHandsFree }: { onHandsFree: () => void }) {
  const t = useT();
  const { listening, caption, trouble, hands_free, aloud, cues, set, toggleCues } = useVoiceStore();
  const inUse = listening || hands_free || aloud || trouble !== null;
  if (!inUse) return null;

  function toggleAloud() {
    if (aloud) hush();
    set({ aloud: !aloud });
  }

  return (
    <Box
      data-testid="voice-bar"
      sx={{ px: 2, py: 1.25, borderTop: 1, borderColor: 'divider', display: 'grid', gap: 1 }}
    >
      <Typography role="status" data-testid="caption" dir="auto" sx={{ fontWeight: 700 }}>
        {trouble && t(`voice.${trouble}`)}
        {listening && (caption ? `${t('voice.caption')}: “${caption}”` : t('voice.listening'))}
      </Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        <Toggle icon="🙌" on={hands_free} onClick={onHandsFree}>
          {t(hands_free ? 'voice.hands_free_off' : 'voice.hands_free')}
        </Toggle>
        {canSpeak() && (
          <Toggle icon="🔊" on={aloud} onClick={toggleAloud}>
            {t('voice.speaks')}
          </Toggle>
        )}
        <Toggle icon="🎵" on={cues} onClick={toggleCues}>
          {t('voice.cues')}
        </Toggle>
      </Box>
    </Box>
  );
}
