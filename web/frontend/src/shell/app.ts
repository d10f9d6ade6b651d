/** The whole panel: who is logged in, which page, what stands around it. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { Problem, whenLoggedOut } from "../api/http";
import { changeLocale, logOut, readSession, type Session } from "../api/session";
import { board, onStreamState, stream, watchAgain } from "../live/live";
import { asLocale, t, useLocale, type Locale } from "../text/text";
import { go, pagesFor, route, type Page, type Route } from "./pages";
import { announce, complain } from "./notices";
import { brand } from "./parts";
import { LightElement } from "./light-element";
import "./account-menu";
import "./login-page";
import "./notices";
import "./password-form";
import "../monitor/connection-badge";
import "../monitor/monitor-page";

const RETRY_MS = 3000;

/** Registered by main.ts once the words are there. */
export class SasayakiApp extends LightElement {
  @state() private session: Session | null = null;
  @state() private asked = false;
  @state() private unreachable = false;
  @state() private ended = false;
  @state() private route: Route = route();
  @state() private practice = this.dataset.practice === "true";

  override connectedCallback(): void {
    super.connectedCallback();
    const moved = (): void => {
      this.route = route();
    };
    window.addEventListener("popstate", moved);
    this.whileConnected(
      () => {
        window.removeEventListener("popstate", moved);
      },
      board.listen((parts) => {
        if (!parts.has("all") || !board.loaded) return;
        this.practice = board.practice;
        if (board.login) this.compare(board.login);
      }),
      onStreamState(() => {
        if (stream.state === "refused") void this.askWho();
      }),
    );
    whenLoggedOut(() => {
      this.leave(true);
    });
    void this.start();
  }

  private async start(): Promise<void> {
    try {
      await this.enter(await readSession());
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        this.unreachable = false;
      } else {
        this.unreachable = true;
        window.setTimeout(() => void this.start(), RETRY_MS);
        return;
      }
    }
    this.asked = true;
  }

  private async enter(session: Session): Promise<void> {
    await useLocale(asLocale(session.locale));
    this.ended = this.unreachable = false;
    if (session.practice !== undefined) this.practice = session.practice;
    this.session = session;
    this.route = route();
  }

  /** Tabs share a cookie: after a log-in in another one this page may be somebody else's, who must not read on it. */
  private compare(login: string): void {
    if (this.session && login !== this.session.login) window.location.reload();
  }

  private async askWho(): Promise<void> {
    try {
      this.compare((await readSession()).login);
    } catch {
      // The refusal is shown all the same.
    }
  }

  private leave(ended: boolean): void {
    this.ended = ended && this.session !== null;
    this.session = null;
    stream.stop();
    board.clear();
  }

  private async logOut(): Promise<void> {
    try {
      await logOut();
    } catch (error) {
      if (!(error instanceof Problem && error.status === 401)) {
        complain(error);
        return;
      }
    }
    this.leave(false);
  }

  private async chooseLanguage(code: Locale): Promise<void> {
    await useLocale(code);
    try {
      await changeLocale(code);
      if (this.session) this.session = { ...this.session, locale: code };
      // The site's own statuses come with the board, in the account's language.
      if (stream.state !== "idle") watchAgain();
    } catch (error) {
      complain(error);
    }
  }

  private passwordChanged(): void {
    announce(t("password.changed"));
    if (this.session) this.session = { ...this.session, must_change_password: false };
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const page = this.session ? t(`nav.${this.page()}`) : t("login.title");
    // Where the menu scrolls sideways the page that one is on stays in sight.
    if (changed.has("route" as never)) this.querySelector("nav [aria-current=page]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    document.title = `${page} – ${t("product")}`;
  }

  /** The page of the address, or the first one that this role has. */
  private page(): Page {
    const pages = pagesFor(this.session?.role ?? "user");
    return pages.includes(this.route.page) ? this.route.page : (pages[0] ?? "me");
  }

  protected override render(): TemplateResult {
    return html`${this.session && !this.session.must_change_password ? this.inside(this.session) : this.outside()}
      <notice-region></notice-region>`;
  }

  private outside(): TemplateResult {
    if (!this.asked && !this.session) {
      return html`<main class="loading" aria-busy="true">
        <p role="status">${this.unreachable ? t("loading.failed") : t("loading")}</p>
      </main>`;
    }
    return html`${this.practice ? this.practiceBar() : html`<div></div>`}
      <main>
        ${this.session
          ? html`<div class="entry">
              <password-form must .login=${this.session.login} @password-changed=${this.passwordChanged}></password-form>
            </div>`
          : html`<login-page
              ?ended=${this.ended}
              @logged-in=${(event: CustomEvent<Session>) => void this.enter(event.detail)}
            ></login-page>`}
      </main>`;
  }

  private practiceBar(): TemplateResult {
    return html`<header class="bar">${this.practiceBadge()}<span class="muted">${t("practice.hint")}</span></header>`;
  }

  private practiceBadge(): TemplateResult {
    return html`<span class="badge practice" data-tip=${t("practice.hint")}>${t("practice")}</span>`;
  }

  private inside(session: Session): TemplateResult {
    const page = this.page();
    return html`<a class="skip button" href="#main">${t("skip")}</a>
      <header class="bar">
        <a class="brand" href="/" @click=${go}>${brand()}</a>
        ${this.practice ? this.practiceBadge() : nothing}
        <nav aria-label=${t("nav")}>
          <ul>
            ${pagesFor(session.role).map(
              (one) =>
                html`<li>
                  <a href=${one === "monitor" ? "/" : `/${one}`} aria-current=${one === page ? "page" : nothing} @click=${go}
                    >${t(`nav.${one}`)}</a
                  >
                </li>`,
            )}
          </ul>
        </nav>
        <span class="space"></span>
        ${page === "monitor" ? html`<connection-badge></connection-badge>` : nothing}
        <account-menu
          .session=${session}
          @log-out=${this.logOut}
          @choose-language=${(event: CustomEvent<Locale>) => void this.chooseLanguage(event.detail)}
        ></account-menu>
      </header>
      <main id="main" tabindex="-1">${this.content(page, session)}</main>`;
  }

  private content(page: Page, session: Session): TemplateResult {
    switch (page) {
      case "monitor":
        return html`<monitor-page .session=${session}></monitor-page>`;
      case "accounts":
        void import("../people/accounts-page");
        return html`<accounts-page .login=${this.route.rest} .session=${session}></accounts-page>`;
      case "queues":
        void import("../queues/queues-page");
        return html`<queues-page .queue=${this.route.rest}></queues-page>`;
      case "activity":
        void import("../activity/activity-page");
        return html`<activity-page .session=${session}></activity-page>`;
      case "settings":
        void import("../settings/settings-page");
        return html`<settings-page></settings-page>`;
      case "audit":
        void import("../audit/audit-page");
        return html`<audit-page></audit-page>`;
      case "me":
        void import("../me/me-page");
        return html`<me-page .session=${session}></me-page>`;
    }
  }
}
