import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { Restaurant, StoredMessage } from '../../../gen/types';
import { useLocale, useT } from '../../../i18n/i18n';
import { Bubble } from '../../chat/Bubble';
import { claimWords } from '../../chat/Why';
import { save } from '../parts/save';
import { Trouble } from '../parts/Trouble';
import type { ConversationDetail, Feedback } from '../../../gen/types';
import { at, useGet } from '../queries';
import { allergenName } from '../../menu/allergens';
import { useDesk } from '../words';

function Claims({ message, currency }: { message: StoredMessage; currency: string }) {
  const [t, d, locale] = [useT(), useDesk(), useLocale()];
  if (message.claims.length === 0) return null;
  return (
    <Box
      component="details"
      sx={{ fontSize: '.88rem', mt: 0.5, '& summary': { cursor: 'pointer', fontWeight: 700 } }}
    >
      <summary>
        {d('talks.facts', { count: message.claims.length, version: message.menu_version ?? 0 })}
      </summary>
      {message.claims.map((claim, place) => (
        <div key={place}>
          {claim.item}: {claimWords(claim, t, currency, locale)}
        </div>
      ))}
    </Box>
  );
}

function Opinion({ feedback }: { feedback: Feedback | undefined }) {
  if (!feedback) return null;
  return (
    <Typography sx={{ fontSize: '.9rem', fontWeight: 700 }} data-testid="opinion">
      {feedback.rating === 'up' ? '👍' : '👎'} {feedback.reason}
    </Typography>
  );
}

/** One conversation: what was said, on which facts, and what the guest thought of it. */
export function ConversationView({ restaurant, id }: { restaurant: Restaurant; id: string }) {
  const [t, d, locale] = [useT(), useDesk(), useLocale()];
  const { data, error } = useGet<ConversationDetail>(
    at.chat(restaurant.slug, `conversations/${encodeURIComponent(id)}`),
  );
  if (!data) return <Trouble error={error} />;
  const kept = [
    ...data.profile.allergies.map((each) => d('talks.without', { name: allergenName(t, each) })),
    ...data.profile.diets,
  ];
  return (
    <Box
      component="section"
      aria-label={d('talks.the_conversation')}
      data-testid="conversation-view"
      sx={{ display: 'grid', gap: 1.25, alignContent: 'start' }}
    >
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
        <Typography color="text.secondary" sx={{ flex: 1 }}>
          {kept.length > 0 && d('talks.told', { what: kept.join(', ') })}
        </Typography>
        <Button
          size="small"
          onClick={() => save(`conversation-${id}.json`, 'application/json', JSON.stringify(data, null, 2))}
        >
          {d('talks.export')}
        </Button>
      </Box>
      {data.messages.map((message) => (
        <Box key={message.id} sx={{ display: 'flex', flexDirection: 'column' }}>
          <Bubble
            from={message.sender_type === 'user' ? 'guest' : 'assistant'}
            below={
              message.sender_type === 'assistant' && (
                <>
                  <Claims message={message} currency={restaurant.currency} />
                  <Opinion feedback={data.feedback.find((each) => each.message_id === message.message_id)} />
                </>
              )
            }
          >
            {message.content}
          </Bubble>
          <Typography
            color="text.secondary"
            sx={{ fontSize: '.8rem', alignSelf: message.sender_type === 'user' ? 'end' : 'start' }}
          >
            {new Date(message.created_at).toLocaleTimeString(locale)} {message.provider}
          </Typography>
        </Box>
      ))}
    </Box>
  );
}
