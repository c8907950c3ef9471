export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A group in one word, by which operations and tags go: `rbacAuthorization`. */
export function groupWord(group: string): string {
  const [first = '', ...rest] = group.replace(/\.k8s\.io$/, '').split('.');
  return first === '' ? 'core' : first + rest.map(capital).join('');
}
