/** What the content security policy lets style rules through by: a new one with each page that is served. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';

// The one place where react-remove-scroll, which dialogs use to keep the page behind them still, looks for it.
Object.assign(globalThis, { __webpack_nonce__: styleNonce });
