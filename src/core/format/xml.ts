const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A text as the content of an element or the value of an attribute. */
export const escapeXml = (said: string): string => said.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
