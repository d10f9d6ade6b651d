/** Settings of the whole site that are on or off: what agents see, or what a phone of one's own may do without a password. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { changeSite, readSite, type Site } from "../api/statuses";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { problemBox } from "../shell/parts";
import { t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";

const PARTS = {
  agents: { title: "site", switch: "agents_see_listening" },
  dial: { title: "site.dial", switch: "dial_waive_inside" },
} as const;

@customElement("site-card")
export class SiteCard extends LightElement {
  @property({ attribute: false }) about: keyof typeof PARTS = "agents";
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
    const part = PARTS[this.about];
    return html`<section class="card part" aria-labelledby="site-title">
      <h2 id="site-title">${t(part.title)}</h2>
      ${problemBox(this.problem)}
      ${site
        ? html`<div>
            <label class="check"
              ><input
                type="checkbox"
                aria-describedby="site-hint"
                .checked=${site[part.switch]}
                ?disabled=${this.pending}
                @change=${(event: Event) => {
                  const wish = { [part.switch]: (event.target as HTMLInputElement).checked };
                  void this.order(() => changeSite(wish), t("site.saved"));
                }}
              />${t(`site.${part.switch}`)}</label
            >
            <p class="muted" id="site-hint">${t(`site.${part.switch}.hint`)}</p>
          </div>`
        : nothing}
    </section>`;
  }
}
