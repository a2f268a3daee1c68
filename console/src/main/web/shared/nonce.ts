/** What the content security policy lets style rules through by: a new one with each page that is served. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
