import { expect, type Locator, type Page } from '@playwright/test';

export const SLUG = 'the-cookie-jar';
export const QUESTION = 'Tell me about your cookies';

/** What a guest does and sees, by the ids that the page promises. */
export class Guest {
  readonly answers: Locator;
  readonly questions: Locator;

  constructor(
    readonly page: Page,
    readonly slug = SLUG,
  ) {
    this.answers = page.getByTestId('ai-message');
    this.questions = page.getByTestId('user-message');
  }

  async arrive() {
    await this.page.goto(`/r/${this.slug}`);
    await this.openChat();
  }

  async openChat() {
    await this.page.getByTestId('ai-chat-button').click();
    await expect(this.page.getByTestId('chat-input')).toBeVisible();
  }

  async ask(text: string) {
    await this.page.getByTestId('chat-input').fill(text);
    await this.page.getByTestId('send-button').click();
  }

  /** The answer under way ended: nothing is left to stop and nothing is on its way. */
  async answered(count = 1) {
    await expect(this.answers).toHaveCount(count);
    await expect(this.page.getByTestId('stop-button')).toHaveCount(0);
    await expect(this.page.getByTestId('sending')).toHaveCount(0);
  }

  async session(): Promise<string> {
    const id = await this.page.evaluate((key) => localStorage.getItem(key), `session:${this.slug}`);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    return id ?? '';
  }

  /** The stored conversation, as the api tells it. */
  async stored(): Promise<{ sender_type: string; content: string; message_id: string }[]> {
    const response = await this.page.request.get(
      `/api/v1/chat/${this.slug}/messages?session_id=${await this.session()}`,
    );
    expect(response.status()).toBe(200);
    return response.json();
  }

  /** One stored question and one stored answer for each that was asked, and the page shows those answers byte for byte. */
  async agreesWithStore(asked = 1) {
    const rows = await this.stored();
    const pairs = Array.from({ length: asked }, () => ['user', 'assistant']).flat();
    expect(rows.map((row) => row.sender_type)).toEqual(pairs);
    const answers = rows.filter((row) => row.sender_type === 'assistant').map((row) => row.content);
    expect(await this.answers.evaluateAll((all) => all.map((each) => each.textContent))).toEqual(answers);
  }
}
