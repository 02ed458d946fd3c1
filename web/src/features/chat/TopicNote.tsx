import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import Typography from '@mui/material/Typography';
import { useT, type MessageKey } from '../../i18n/i18n';
import { useAssistant, type Topic } from './assistantStore';

const QUESTIONS: MessageKey[] = ['item.ask_what', 'item.ask_allergens', 'item.ask_pair'];

/** Questions about a dish, to ask with one tap. */
export function useTopicQuestions(topic: Topic | null): string[] {
  const t = useT();
  return topic ? QUESTIONS.map((key) => t(key, { name: topic.name })) : [];
}

/** What a guest writes about a dish names the dish, so that the answer is about it. */
export function withTopic(text: string, topic: Topic | null): string {
  const named = !topic || text.toLowerCase().includes(topic.name.toLowerCase());
  return named ? text : `${topic.name}: ${text}`;
}

/** Says which dish the next question is about. */
export function TopicNote({ topic }: { topic: Topic }) {
  const t = useT();
  const drop = useAssistant((state) => state.dropTopic);
  return (
    <Box
      data-testid="topic"
      sx={{
        display: 'flex',
        alignItems: 'center',
        paddingInlineStart: 2,
        pt: 0.5,
        borderTop: 1,
        borderColor: 'divider',
      }}
    >
      <Typography dir="auto" sx={{ flex: 1, fontWeight: 800, fontSize: '.92rem' }} color="primary">
        {t('chat.about', { name: topic.name })}
      </Typography>
      <IconButton
        aria-label={t('chat.about_drop', { name: topic.name })}
        onClick={drop}
        sx={{ width: 44, height: 44 }}
      >
        <span aria-hidden>✕</span>
      </IconButton>
    </Box>
  );
}
