/** A signed token as text (JWT). Its first three letters alone come up by chance in the random ids of a busy log. */
export const looksLikeToken = (text: string): boolean => /eyJ[\w-]+\.[\w-]+\.[\w-]+/.test(text);
