/** Whether agents may see that, and by whom, they are listened to. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { changeSite, readSite, type Site } from "../api/statuses";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { problemBox } from "../shell/parts";
import { t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";

@customElement("site-card")
export class SiteCard extends LightElement {
  @state() private site: Site | null = null;
  @state() private pending = false;
  @state() private problem: ProblemText | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.order(readSite, "");
  }

  private async order(act: () => Promise<Site>, done: string): Promise<void> {
    this.pending = true;
    this.problem = null;
    try {
      this.site = await act();
      if (done) announce(done);
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.pending = false;
    }
  }

  protected override render(): TemplateResult {
    const { site } = this;
    return html`<section class="card part" aria-labelledby="site-title">
      <h2 id="site-title">${t("site")}</h2>
      ${problemBox(this.problem)}
      ${site
        ? html`<div>
            <label class="check"
              ><input
                type="checkbox"
                aria-describedby="site-hint"
                .checked=${site.agents_see_listening}
                ?disabled=${this.pending}
                @change=${(event: Event) => {
                  const agents_see_listening = (event.target as HTMLInputElement).checked;
                  void this.order(() => changeSite({ agents_see_listening }), t("site.saved"));
                }}
              />${t("site.agents_see_listening")}</label
            >
            <p class="muted" id="site-hint">${t("site.agents_see_listening.hint")}</p>
          </div>`
        : nothing}
    </section>`;
  }
}
