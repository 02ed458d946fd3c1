import type { Profile, StoredMessage } from '../../gen/types';

/** What happened in a restaurant between two times. Every number names the filter that lists its rows. */
export interface Analytics {
  from: string;
  to: string;
  timezone: string;
  by: 'hour' | 'day';
  numbers: AnalyticsNumber[];
  first_token: AnalyticsTime;
  answer_time: AnalyticsTime;
  kinds: AnalyticsShare[];
  /** how answers were made: data, model, fallback */
  made: AnalyticsShare[];
  gate_drops: AnalyticsShare[];
  languages: AnalyticsShare[];
  events: AnalyticsShare[];
  /** the newest reasons of thumbs down */
  reasons: string[];
  allergens: AnalyticsAllergen[];
  lost: AnalyticsLost[];
  dishes: AnalyticsDish[];
  series: AnalyticsPoint[];
  [key: string]: unknown;
}

/** How often an allergen of a dish was asked about, and how often nobody knew. */
export interface AnalyticsAllergen {
  item_id: string;
  item: string | null;
  allergen: string;
  metric: string;
  asked: number;
  unknown: number;
  [key: string]: unknown;
}

/** A dish on its way from seen to recommended. Rows: seen:<id>, asked:<id>, recommended:<id>. */
export interface AnalyticsDish {
  item_id: string;
  item: string | null;
  seen: number;
  asked: number;
  recommended: number;
  [key: string]: unknown;
}

/** Something that a guest did. Its id makes a retry count once. */
export interface AnalyticsEvent {
  /** the client's own; the same one again counts once within 7 days */
  id: string;
  /** menu_view, item_view, search, filter, suggestion, voice ...; others are counted as other */
  type: string;
  restaurant_id: string;
  session_id?: string;
  /** the dish, where it is about one */
  item_id?: string;
  /** when it happened; default: now */
  at?: string;
  /** at most 2000 bytes as JSON */
  data?: Record<string, unknown>;
}

/** Something that guests asked for in vain. */
export interface AnalyticsLost {
  reason: 'not_on_menu' | 'sold_out' | 'out_of_hours';
  what: string;
  item_id: string | null;
  metric: string;
  value: number;
  samples: string[];
  [key: string]: unknown;
}

/** A number, and the filter that lists its rows: …/analytics/rows?metric= */
export interface AnalyticsNumber {
  metric: string;
  value: number;
  /** in the period before, of the same length */
  before: number;
  [key: string]: unknown;
}

/** One hour or day. */
export interface AnalyticsPoint {
  at: string;
  conversations: number;
  messages: number;
  sessions: number;
  thumbs_up: number;
  thumbs_down: number;
  lost: number;
  views: number;
  [key: string]: unknown;
}

/** One row behind a number. */
export interface AnalyticsRow {
  id: string;
  at: string;
  type: string;
  conversation_id: string | null;
  message_id: string | null;
  item_id: string | null;
  item: string | null;
  metrics: string[];
  data: Record<string, unknown>;
  [key: string]: unknown;
}

/** One kind among several. */
export interface AnalyticsShare {
  key: string;
  metric: string;
  value: number;
  [key: string]: unknown;
}

/** How long something took: the upper bounds of the steps that half and 95% of all lie in, in milliseconds; null without any. */
export interface AnalyticsTime {
  metric: string;
  n: number;
  p50: number | null;
  p95: number | null;
  [key: string]: unknown;
}

/** One guest's conversation, for those who work there. The session id, which is the guest's secret, is not in it. */
export interface Conversation {
  id: string;
  created_at: string;
  last_activity: string;
  /** questions and answers */
  messages: number;
  last_question: string | null;
  thumbs_up: number;
  thumbs_down: number;
  [key: string]: unknown;
}

/** One conversation with everything that was said. */
export interface ConversationDetail {
  id: string;
  created_at: string;
  last_activity: string;
  profile: Profile;
  messages: StoredMessage[];
  feedback: Feedback[];
  [key: string]: unknown;
}

/** What a guest thought of an answer. */
export interface Feedback {
  message_id: string;
  rating: 'up' | 'down';
  reason?: string | null;
  created_at: string;
  [key: string]: unknown;
}

/** Live figures of a restaurant, every two seconds while somebody watches. */
export interface Live {
  type: 'live';
  slug: string;
  figures: LiveFigures;
  [key: string]: unknown;
}

/** Right now. */
export interface LiveFigures {
  /** sessions with a message in the last 5 minutes */
  conversations: number;
  /** questions in the last hour */
  messages: number;
  /** sessions with any event in the last 5 minutes */
  guests: number;
  /** today, in the restaurant's zone */
  thumbs_up: number;
  /** today */
  thumbs_down: number;
  messages_today: number;
  /** asked for in vain today */
  lost_today: number;
  [key: string]: unknown;
}
