// Made by schemac from schemas/.

/** The message is durable; an answer will come even if everything restarts. */
export interface Accepted {
  type: 'accepted';
  session_id: string;
  message_id: string;
}

/** The whole answer, stored. Its last frame: seq is one more than the last token's. */
export interface AiMessage {
  type: 'ai_message';
  session_id: string;
  message_id: string;
  attempt: number;
  seq: number;
  content: string;
  status: 'complete' | 'stopped' | 'fallback';
  claims: Claim[];
  items: AnswerItem[];
  warnings: string[];
  suggestions: string[];
  profile: Profile;
  menu_version: number;
  provider: string;
}

/** Four-valued allergens: what is in none of the lists is unknown, unless the dish was reviewed. */
export interface AllergenInfo {
  contains: string[];
  may_contain: string[];
  free_of: string[];
  reviewed_at: string | null;
  reviewed_by: string | null;
}

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

/** A dish that an answer shows as a card. */
export interface AnswerItem {
  id: string;
  name: string;
  price: number | null;
  image_url?: string | null;
  is_available: boolean;
}

/** What a stored answer keeps beside its text and claims, so that its ai_message can be sent again as it was. */
export interface AnswerMeta {
  seq: number;
  items: AnswerItem[];
  warnings: string[];
  suggestions: string[];
  profile: Profile;
  /** dishes whose allergens it told in full */
  listed?: string[];
  /** a chat_outcome: what it counts for */
  outcome?: unknown;
  [key: string]: unknown;
}

/** Who answers. */
export interface AssistantCard {
  name: string;
  greeting: string;
}

/** Who changed what. */
export interface AuditEntry {
  /** the version that this change made; null: it was no change of the menu, but of who works here */
  menu_version: number | null;
  operation_id: string;
  action: string;
  user_id: string | null;
  user_email: string | null;
  target_id: string | null;
  target_name: string | null;
  /** the members that changed, as they were; null: it was not there */
  before: Record<string, unknown> | null;
  /** the same members as they became; null: it was deleted */
  after: Record<string, unknown> | null;
  created_at: string;
  [key: string]: unknown;
}

/** Who the assistant shall be; members that are absent stay, null takes one away. */
export interface AvatarChange {
  name?: string | null;
  greeting?: string | null;
  tone?: string | null;
  emoji?: string | null;
  color?: string | null;
  voice?: VoiceChange;
}

/** Who the assistant is. */
export interface AvatarConfig {
  name?: string;
  greeting?: string;
  tone?: string;
  emoji?: string;
  color?: string;
  voice?: Voice;
  [key: string]: unknown;
}

/** A category of a menu, without its dishes. */
export interface Category {
  id: string;
  restaurant_id: string;
  name: string;
  description: string | null;
  display_order: number;
  is_active: boolean;
  etag: string;
  created_at: string;
  updated_at: string;
  [key: string]: unknown;
}

/** What shall change of a category; members that are absent stay. */
export interface CategoryChange {
  /** may be said again; it cannot change */
  restaurant_id?: string;
  name?: string;
  description?: string | null;
  /** a new one comes last unless this says otherwise */
  display_order?: number;
  is_active?: boolean;
}

/** A new category. */
export interface CategoryNew {
  restaurant_id: string;
  name: string;
  description?: string | null;
  /** a new one comes last unless this says otherwise */
  display_order?: number;
  is_active?: boolean;
}

/** The answer to a message that is durable. */
export interface ChatAccepted {
  message_id: string;
}

/** A guest asked the assistant. */
export interface ChatAsked {
  restaurant_id: string;
  slug: string;
  session_id: string;
  /** who asks is a program, and counts for nothing in the numbers */
  bot?: boolean;
  message_id: string;
  message: string;
  /** the least version of the menu that the answer must know */
  menu_version?: number;
  reply_to?: ReplyTo;
  [key: string]: unknown;
}

/** A guest wants everything of a session to be removed. */
export interface ChatErased {
  restaurant_id: string;
  session_id: string;
  operation_id: string;
  reply_to?: ReplyTo;
  [key: string]: unknown;
}

/** A socket wants to see a session. */
export interface ChatJoined {
  restaurant_id: string;
  slug?: string;
  session_id: string;
  last?: LastSeen;
  reply_to: ReplyTo;
  [key: string]: unknown;
}

/** Ask the assistant. Other fields, such as a context or a history, are ignored. */
export interface ChatMessage {
  type: 'chat_message';
  message: string;
  session_id: string;
  /** the client's own; the same one again attaches to the answer */
  message_id?: string;
  [key: string]: unknown;
}

/** What an answer came to, for the numbers; holds the guest's words only where something was asked for in vain. */
export interface ChatOutcome {
  /** derived from the message_id, so that it counts once */
  id: string;
  restaurant_id: string;
  session_id: string;
  conversation_id?: string;
  /** as in chat_asked */
  bot?: boolean;
  message_id: string;
  /** of the question */
  at_ms: number;
  /** what it counts for, as docs/EVENTS.md lists them */
  metrics: string[];
  /** of each metric */
  amounts: number[];
  /** only of lost demand, at most 200 characters */
  question?: string;
  [key: string]: unknown;
}

/** The body of POST /api/v1/chat/{slug}/message. Other fields, such as a context or a history, are ignored. */
export interface ChatPost {
  message: string;
  session_id: string;
  /** the client's own; the same one again attaches to the answer */
  message_id?: string;
  [key: string]: unknown;
}

/** A guest dropped an entry of the profile. */
export interface ChatProfileRemoved {
  restaurant_id: string;
  session_id: string;
  kind: 'allergy' | 'diet';
  value: string;
  reply_to: ReplyTo;
  [key: string]: unknown;
}

/** A guest stopped an answer. */
export interface ChatStopped {
  restaurant_id: string;
  session_id: string;
  message_id: string;
  reply_to?: ReplyTo;
  [key: string]: unknown;
}

/** A fact that an answer states, and the menu version it came from. */
export interface Claim {
  item_id: string;
  item: string;
  field: 'price' | 'allergen' | 'availability' | 'existence';
  /** allergen: contains, may_contain, free_of or unknown; price: a number or null; availability and existence: a boolean */
  value: unknown;
  allergen?: string;
  menu_version: number;
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

/** What an earlier answer said is no longer true. A join repeats those of the last six hours. */
export interface Correction {
  type: 'correction';
  session_id: string;
  message_id: string;
  claims: Claim[];
  content: string;
}

/** An event that was given up. */
export interface DeadLetter {
  id: string;
  topic: string;
  /** ce_type of the event */
  type: string | null;
  reason: string;
  detail: string;
  died_at: string;
  age_seconds: number;
  /** of its value */
  bytes: number;
  key: string | null;
  replayed_at: string | null;
  replays: number;
  [key: string]: unknown;
}

/** Something was wrong; it costs this frame, not the connection. */
export interface ErrorFrame {
  type: 'error';
  code: 'invalid_frame' | 'invalid_message' | 'rate_limited' | 'overloaded' | 'not_found' | 'internal';
  message: string;
  message_id?: string;
  /** seconds */
  retry_after?: number;
}

/** What a guest thought of an answer. */
export interface Feedback {
  message_id: string;
  rating: 'up' | 'down';
  reason?: string | null;
  created_at: string;
  [key: string]: unknown;
}

/** What a guest thinks of an answer. */
export interface FeedbackPost {
  session_id: string;
  /** of a question or answer of that session */
  message_id: string;
  rating: 'up' | 'down';
  reason?: string | null;
}

/** A frame on its way to sockets: any of the frames to clients. A record holds several, each behind a line of its own that says whom it is for. */
export interface Frame {
  type: string;
  [key: string]: unknown;
}

/** The type of a client's frame, read first; the rest is read by that type's schema. */
export interface FrameHead {
  type: string;
  [key: string]: unknown;
}

/** Liveness. */
export interface Health {
  status: 'healthy' | 'unhealthy';
  timestamp: string;
  version: string;
}

/** One dependency. */
export interface HealthCheck {
  status: 'healthy' | 'unhealthy' | 'builtin';
  latency_ms?: number | null;
  detail?: string;
  [key: string]: unknown;
}

/** Every dependency. */
export interface HealthChecks {
  database: HealthCheck;
  broker: HealthCheck;
  cache: HealthCheck;
  ai_service: HealthCheck;
}

/** Every dependency with its latency. */
export interface HealthDetailed {
  status: 'healthy' | 'unhealthy';
  timestamp: string;
  version: string;
  /** what an accepted message survives */
  durability?: string;
  checks: HealthChecks;
}

/** The file is stored; what is in it will be looked at. */
export interface ImportAccepted {
  id: string;
  status: 'receiving';
}

/** A piece of an import's file. The value is the bytes themselves, at most 512 KiB; these are attributes (ce_import, ce_restaurant, ce_seq, ce_partition, ce_socket). */
export interface ImportChunk {
  import_id: string;
  restaurant_id: string;
  /** from 0 */
  seq: number;
  /** of the topic replies, where import_stored is wanted */
  partition?: number;
  socket?: string;
  [key: string]: unknown;
}

/** An import is to be applied, and what its preview lists in needs_confirmation is meant. */
export interface ImportConfirm {
  confirm?: ('allergen_weakened' | 'price_jump' | 'mass_removal' | 'none_declared')[];
}

/** How many rows of each kind an import has. */
export interface ImportCounts {
  create: number;
  update: number;
  unchanged: number;
  remove: number;
  error: number;
  warning: number;
  [key: string]: unknown;
}

/** A row of an import's preview. */
export interface ImportLine {
  number: number;
  line: number | null;
  outcome: 'create' | 'update' | 'unchanged' | 'remove' | 'error';
  item_id?: string | null;
  category?: string | null;
  name?: string | null;
  /** of update: {field: {before, after}} */
  changes?: unknown;
  /** of create: the dish */
  values?: unknown;
  /** [{column, code, severity, message}] */
  notes?: unknown;
  [key: string]: unknown;
}

/** An import: the file, what it would do, and what became of it. */
export interface ImportState {
  id: string;
  restaurant_id: string;
  status: 'receiving' | 'previewing' | 'ready' | 'applying' | 'applied' | 'rejected' | 'undone';
  /** of rejected: upload_incomplete, file_refused, too_many_imports, failed */
  reason?: string | null;
  detail?: string | null;
  mode?: string;
  on_error?: string;
  format?: string | null;
  name?: string | null;
  bytes?: number;
  counts: ImportCounts;
  /** what apply must name in `confirm` */
  needs_confirmation: string[];
  /** [{header, column}]: what each column of the file was taken for */
  columns?: unknown;
  /** what is wrong about the file itself */
  notes?: unknown;
  base_version?: number | null;
  applied_version?: number | null;
  /** the first rows of each outcome */
  rows?: unknown;
  [key: string]: unknown;
}

/** A chunk is stored: the next one may be sent. */
export interface ImportStored {
  import_id: string;
  seq: number;
  /** of the import; only `receiving` wants more */
  status: string;
  [key: string]: unknown;
}

/** The last chunk of an import is published. */
export interface ImportUploaded {
  import_id: string;
  restaurant_id: string;
  user_id?: string;
  user_email?: string;
  format: 'csv' | 'json' | 'ndjson';
  mode: 'upsert' | 'replace';
  on_error: 'reject_all' | 'skip_rows';
  chunks: number;
  bytes: number;
  /** of the file */
  name?: string;
  /** the upload was cut short: reject it */
  incomplete?: boolean;
  [key: string]: unknown;
}

/** Somebody wants to know how an import goes on. */
export interface ImportWatched {
  import_id: string;
  restaurant_id: string;
  reply_to: ReplyTo;
  [key: string]: unknown;
}

/** An ingredient that dishes may be made of. */
export interface Ingredient {
  id: string;
  restaurant_id: string;
  name: string;
  description: string | null;
  allergen_info: AllergenInfo;
  is_active: boolean;
  etag: string;
  created_at: string;
  updated_at: string;
  [key: string]: unknown;
}

/** What shall change of an ingredient; members that are absent stay. */
export interface IngredientChange {
  /** may be said again; it cannot change */
  restaurant_id?: string;
  name?: string;
  description?: string | null;
  /** {"contains": [], "may_contain": [], "free_of": [], "reviewed": true}; lists that are absent stay; a plain list means contains; null takes all back */
  allergen_info?: unknown;
  is_active?: boolean;
}

/** A new ingredient. */
export interface IngredientNew {
  restaurant_id: string;
  name: string;
  description?: string | null;
  /** {"contains": [], "may_contain": [], "free_of": [], "reviewed": true}; lists that are absent stay; a plain list means contains; null takes all back */
  allergen_info?: unknown;
  is_active?: boolean;
}

/** An ingredient of a dish. */
export interface IngredientRef {
  id: string;
  name: string;
}

/** One event of a guest in a batch. */
export interface Interaction {
  id: string;
  type: string;
  session_id?: string;
  item_id?: string;
  message_id?: string;
  /** since 1970 */
  at_ms: number;
  bot?: boolean;
  rating?: string;
  reason?: string;
  /** JSON text */
  data?: string;
  [key: string]: unknown;
}

/** What guests of one restaurant did. */
export interface Interactions {
  restaurant_id: string;
  events: Interaction[];
  [key: string]: unknown;
}

/** What shall change of a dish; members that are absent stay. */
export interface ItemChange {
  /** may be said again; it cannot change */
  restaurant_id?: string;
  category_id?: string;
  /** its id in another system; unique in the restaurant */
  external_id?: string | null;
  name?: string;
  description?: string | null;
  /** in the restaurant's currency, at most its max_price; null: market price, ask */
  price?: number | null;
  image_url?: string | null;
  is_signature?: boolean;
  spice_level?: number | null;
  /** {"contains": [], "may_contain": [], "free_of": [], "reviewed": true}; lists that are absent stay; a plain list means contains; null takes all back */
  allergen_info?: unknown;
  tags?: string[];
  /** ids, in the order in which they are shown */
  ingredients?: string[];
  /** a new one comes last unless this says otherwise */
  display_order?: number;
  is_available?: boolean;
  /** a sold-out dish can be ordered again from then on: RFC 3339, or without an offset by the restaurant's clock */
  available_again_at?: string | null;
}

/** A new dish. */
export interface ItemNew {
  restaurant_id: string;
  category_id: string;
  /** its id in another system; unique in the restaurant */
  external_id?: string | null;
  name: string;
  description?: string | null;
  /** in the restaurant's currency, at most its max_price; null: market price, ask */
  price?: number | null;
  image_url?: string | null;
  is_signature?: boolean;
  spice_level?: number | null;
  /** {"contains": [], "may_contain": [], "free_of": [], "reviewed": true}; lists that are absent stay; a plain list means contains; null takes all back */
  allergen_info?: unknown;
  tags?: string[];
  /** ids, in the order in which they are shown */
  ingredients?: string[];
  /** a new one comes last unless this says otherwise */
  display_order?: number;
  is_available?: boolean;
  /** a sold-out dish can be ordered again from then on: RFC 3339, or without an offset by the restaurant's clock */
  available_again_at?: string | null;
}

/** Show me this session; with last: resume behind that frame. */
export interface Join {
  type: 'join';
  session_id: string;
  last?: LastSeen;
  [key: string]: unknown;
}

/** The answer to join; then come the frames behind last, then live ones. */
export interface Joined {
  type: 'joined';
  session_id: string;
  profile: Profile;
  open: OpenAnswer[];
}

/** The last frame a client saw of an answer. */
export interface LastSeen {
  message_id: string;
  /** attempt of that frame */
  attempt: number;
  /** seq of that frame */
  seq: number;
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

/** The body of POST /api/v1/auth/login. Other fields are ignored. */
export interface Login {
  email: string;
  password: string;
  [key: string]: unknown;
}

/** The body of POST /api/v1/auth/logout: which device to sign out; without it, the one that the access token was given to. */
export interface Logout {
  /** of the last sign-in or refresh; good once */
  refresh_token?: string;
  [key: string]: unknown;
}

/** A user's place in a restaurant. */
export interface Member {
  user_id: string;
  email: string;
  name: string;
  role: 'owner' | 'manager' | 'staff' | 'viewer';
  is_active: boolean;
  etag: string;
  created_at: string;
  updated_at: string;
}

/** The body of POST /api/v1/restaurants/{slug}/members. Name and password are for a new user; one who is there keeps theirs. */
export interface MemberPost {
  email: string;
  role: 'owner' | 'manager' | 'staff' | 'viewer';
  name?: string;
  password?: string;
}

/** The body of PUT /api/v1/restaurants/{slug}/members/{user_id}. */
export interface MemberPut {
  role: 'owner' | 'manager' | 'staff' | 'viewer';
}

/** The whole live menu: categories in order, dishes in order. */
export interface Menu {
  restaurant: Restaurant;
  menu_version: number;
  categories: MenuCategory[];
}

/** A category with its dishes. */
export interface MenuCategory {
  id: string;
  restaurant_id: string;
  name: string;
  description: string | null;
  display_order: number;
  is_active: boolean;
  etag: string;
  created_at: string;
  items: MenuItem[];
  [key: string]: unknown;
}

/** A restaurant has a new menu version. */
export interface MenuChanged {
  restaurant_id: string;
  slug?: string;
  menu_version: number;
  items?: MenuItemChange[];
  [key: string]: unknown;
}

/** A change that somebody asked for: one command for each REST write. */
export interface MenuEdit {
  /** made by the api; the same one again has no second effect */
  operation_id: string;
  restaurant_id: string;
  slug?: string;
  user_id?: string;
  user_email?: string;
  action: 'restaurant_create' | 'restaurant_update' | 'restaurant_delete' | 'avatar_update' | 'category_create' | 'category_update' | 'category_delete' | 'item_create' | 'item_update' | 'item_delete' | 'ingredient_create' | 'ingredient_update' | 'ingredient_delete' | 'import_apply' | 'import_undo';
  /** the object; of a new one the id that it gets */
  target_id?: string;
  /** the request's body as it was sent: JSON text, so that numbers stay as written */
  body?: string;
  /** tags, without quotes, one of which must be the object's or the menu's */
  if_match?: string[];
  /** tells a repetition from another request with the same Idempotency-Key */
  request_hash?: string;
  reply_to?: ReplyTo;
  [key: string]: unknown;
}

/** A dish. */
export interface MenuItem {
  id: string;
  restaurant_id: string;
  category_id: string;
  external_id: string | null;
  name: string;
  description: string | null;
  /** null: market price, ask */
  price: number | null;
  image_url: string | null;
  is_signature: boolean;
  spice_level: number | null;
  allergen_info: AllergenInfo;
  tags: string[];
  ingredients: IngredientRef[];
  etag: string;
  display_order: number;
  is_available: boolean;
  available_again_at: string | null;
  created_at: string;
  updated_at: string;
  [key: string]: unknown;
}

/** What changed of a dish. */
export interface MenuItemChange {
  id: string;
  price?: number | null;
  is_available?: boolean;
}

/** The menu changed; fetch it again or patch it. */
export interface MenuUpdated {
  type: 'menu_updated';
  menu_version: number;
  items?: MenuItemChange[];
}

/** An answer under way. */
export interface OpenAnswer {
  message_id: string;
  /** its current attempt */
  attempt: number;
}

/** Opening hours by weekday; an empty list: closed. */
export interface OpeningHours {
  monday?: OpeningSpan[];
  tuesday?: OpeningSpan[];
  wednesday?: OpeningSpan[];
  thursday?: OpeningSpan[];
  friday?: OpeningSpan[];
  saturday?: OpeningSpan[];
  sunday?: OpeningSpan[];
}

/** Open from, open to. */
export interface OpeningSpan {
  /** HH:MM */
  from: string;
  /** HH:MM */
  to: string;
}

/** A write, and what it came to. */
export interface Operation {
  id: string;
  status: 'pending' | 'succeeded' | 'failed';
  action?: string;
  /** what the write would have answered */
  http_status?: number;
  /** the body that the write would have answered */
  result?: unknown;
  problem?: Problem;
  etag?: string;
  menu_version?: number;
  created_at?: string;
  [key: string]: unknown;
}

/** What an edit came to, for the request that waits for it. */
export interface OperationDone {
  operation_id: string;
  status: number;
  /** the answer's body: JSON text; absent when there is none */
  body?: string;
  etag?: string;
  menu_version?: number;
  slug?: string;
  problems?: ProblemError[];
  detail?: string;
  [key: string]: unknown;
}

/** Is anybody there? */
export interface Ping {
  type: 'ping';
  [key: string]: unknown;
}

/** The answer to ping. */
export interface Pong {
  type: 'pong';
}

/** RFC 9457 problem details. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: ProblemError[];
  [key: string]: unknown;
}

/** One field that is wrong. */
export interface ProblemError {
  /** JSON pointer */
  pointer: string;
  message: string;
}

/** What a guest told about allergies and diets in this session. */
export interface Profile {
  allergies: string[];
  diets: string[];
}

/** Drop an entry of the guest's profile. */
export interface ProfileRemove {
  type: 'profile_remove';
  session_id: string;
  kind: 'allergy' | 'diet';
  value: string;
  confirm: true;
  [key: string]: unknown;
}

/** How far an import is. done and total are bytes while previewing and rows afterwards. */
export interface Progress {
  type: 'progress';
  import_id: string;
  status: 'receiving' | 'previewing' | 'ready' | 'applying' | 'applied' | 'rejected' | 'undone';
  done: number;
  total: number;
}

/** The body of POST /api/v1/auth/refresh. Other fields are ignored. */
export interface Refresh {
  /** of the last sign-in or refresh; good once */
  refresh_token: string;
  [key: string]: unknown;
}

/** Where an answer is wanted: a partition of the replies topic, and there one socket. */
export interface ReplyTo {
  partition: number;
  socket?: string;
  /** the socket does not know the session yet: send it the open answers first */
  attach?: boolean;
  [key: string]: unknown;
}

/** Forget the pieces of earlier attempts of this answer. */
export interface Restart {
  type: 'restart';
  session_id: string;
  message_id: string;
  attempt: number;
}

/** A restaurant. */
export interface Restaurant {
  id: string;
  name: string;
  slug: string;
  cuisine_type: string | null;
  description: string | null;
  currency: string;
  timezone: string;
  /** opening hours by weekday, or null */
  hours: unknown;
  max_price: number;
  allowed_origins: string[];
  /** colours and the like */
  theme: unknown;
  avatar_config: AvatarConfig;
  /** anything */
  metadata: unknown;
  is_active: boolean;
  menu_version: number;
  etag: string;
  created_at: string;
  updated_at: string;
  [key: string]: unknown;
}

/** A restaurant in few words. */
export interface RestaurantCard {
  id: string;
  name: string;
  slug: string;
  currency?: string;
  timezone?: string;
}

/** What shall change of a restaurant; members that are absent stay. */
export interface RestaurantChange {
  name?: string;
  /** its name in addresses; unique */
  slug?: string;
  cuisine_type?: string | null;
  description?: string | null;
  /** ISO 4217 */
  currency?: string;
  /** "Europe/Berlin" */
  timezone?: string;
  /** opening hours by weekday, {"monday": [{"from": "12:00", "to": "14:30"}], ...}, or null */
  hours?: unknown;
  /** no dish may cost more; 1000 unless said, more in currencies without minor units */
  max_price?: number;
  /** origins of other sites that may embed the chat */
  allowed_origins?: string[];
  /** colours and the like */
  theme?: Record<string, unknown> | null;
  avatar_config?: AvatarChange;
  /** anything */
  metadata?: Record<string, unknown> | null;
  is_active?: boolean;
}

/** A new restaurant. */
export interface RestaurantNew {
  name: string;
  /** its name in addresses; unique */
  slug: string;
  cuisine_type?: string | null;
  description?: string | null;
  /** ISO 4217 */
  currency?: string;
  /** "Europe/Berlin" */
  timezone?: string;
  /** opening hours by weekday, {"monday": [{"from": "12:00", "to": "14:30"}], ...}, or null */
  hours?: unknown;
  /** no dish may cost more; 1000 unless said, more in currencies without minor units */
  max_price?: number;
  /** origins of other sites that may embed the chat */
  allowed_origins?: string[];
  /** colours and the like */
  theme?: Record<string, unknown> | null;
  avatar_config?: AvatarChange;
  /** anything */
  metadata?: Record<string, unknown> | null;
  is_active?: boolean;
}

/** Everything that is kept about a session, for its guest. */
export interface SessionExport {
  session_id: string;
  created_at: string;
  last_activity: string;
  profile: Profile;
  messages: StoredMessage[];
  feedback: Feedback[];
  /** what was counted, the newest 1000 */
  events: AnalyticsRow[];
  [key: string]: unknown;
}

/** Somebody is signed in. */
export interface SignedIn {
  access_token: string;
  token_type: 'bearer';
  /** seconds */
  expires_in: number;
  refresh_token: string;
}

/** Stop this answer, from any device of the session. */
export interface Stop {
  type: 'stop';
  session_id: string;
  message_id: string;
  [key: string]: unknown;
}

/** A message of a conversation. */
export interface StoredMessage {
  id: string;
  message_id: string;
  sender_type: 'user' | 'assistant' | 'staff';
  content: string;
  status: string;
  claims: Claim[];
  menu_version: number | null;
  provider: string | null;
  created_at: string;
}

/** The next piece of an answer; seq counts from 1 without gap within an attempt. */
export interface Token {
  type: 'token';
  session_id: string;
  message_id: string;
  attempt: number;
  seq: number;
  text: string;
}

/** What an answer told a guest. */
export interface Told {
  message_id: string;
  conversation_id: string;
  created_at: string;
  menu_version: number;
  question: string;
  answer: string;
  claims: Claim[];
  /** when the guest was last sent a correction of this answer */
  corrected_at: string | null;
  [key: string]: unknown;
}

/** Somebody who may sign in. */
export interface User {
  id: string;
  email: string;
  name: string;
  is_platform_admin: boolean;
  is_active: boolean;
  memberships: UserMembership[];
  etag: string;
  created_at: string;
  updated_at: string;
}

/** What a user is in a restaurant. */
export interface UserMembership {
  restaurant_id: string;
  slug: string;
  name: string;
  role: 'owner' | 'manager' | 'staff' | 'viewer';
}

/** The body of PATCH /api/v1/users/{id}: what is left out stays as it is. */
export interface UserPatch {
  email?: string;
  password?: string;
  name?: string;
  is_active?: boolean;
  is_platform_admin?: boolean;
}

/** The body of POST /api/v1/users. */
export interface UserPost {
  email: string;
  password: string;
  name?: string;
  is_platform_admin?: boolean;
}

/** How the assistant sounds. */
export interface Voice {
  lang?: string;
  rate?: number;
  pitch?: number;
  [key: string]: unknown;
}

/** How the assistant shall sound. */
export interface VoiceChange {
  lang?: string;
  rate?: number;
  pitch?: number;
}

/** Admin: progress of an import, or live figures of a restaurant. */
export interface Watch {
  type: 'watch';
  token: string;
  import_id?: string;
  slug?: string;
  [key: string]: unknown;
}

/** First frame of a socket; says that an AI answers. */
export interface Welcome {
  type: 'welcome';
  restaurant: RestaurantCard;
  assistant: AssistantCard;
  disclosure: string;
  menu_version: number;
}

/** Every frame that a socket may receive, told apart by `type`. */
export type ServerFrame =
  | Accepted
  | AiMessage
  | Correction
  | ErrorFrame
  | Joined
  | Live
  | MenuUpdated
  | Pong
  | Progress
  | Restart
  | Token
  | Welcome;

/** Every frame that a client may send. */
export type ClientFrame =
  | ChatMessage
  | Join
  | Ping
  | ProfileRemove
  | Stop
  | Watch;
