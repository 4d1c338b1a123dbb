/** What the page calls a feature in the reader's language. */
export const labelOf = ({ t, has }, { name, label }) => (has(`person.label.${name}`) ? t(`person.label.${name}`) : label);
