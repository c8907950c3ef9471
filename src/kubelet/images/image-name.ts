/** The rules of a reference, as `distribution/reference` has them. */
const domainPart = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const domain = `(?:${domainPart}(?:\\.${domainPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const reference = new RegExp(
  `^(?<name>(?:${domain}/)?${component}(?:/${component})*)(?::(?<tag>[\\w][\\w.-]{0,127}))?(?:@(?<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$`,
);

/**
 * The image with the tag `latest` where it names neither a tag nor a digest.
 * @throws Error for what is no image name, in the kubelet's words; the container then waits as `InvalidImageName`
 */
export function withDefaultTag(image: string): string {
  const match = reference.exec(image);
  if (!match) throw new Error(`couldn't parse image name ${JSON.stringify(image)}: ${whyInvalid(image)}`);
  return match.groups?.['tag'] || match.groups?.['digest'] ? image : `${image}:latest`;
}

function whyInvalid(image: string): string {
  const name = image.replace(/[:@][^/]*$/, '');
  if (/^[a-f0-9]{64}$/.test(image))
    return `invalid repository name (${image}), cannot specify 64-byte hexadecimal strings`;
  if (name !== name.toLowerCase() && reference.test(name.toLowerCase())) {
    return 'invalid reference format: repository name (' + name + ') must be lowercase';
  }
  return 'invalid reference format';
}

/** The registry and repository of an image, as credentials are looked up by. */
export function repositoryOf(image: string): string {
  const bare = image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
  const [first = '', ...rest] = bare.split('/');
  const hasDomain = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  if (hasDomain) return bare;
  return rest.length === 0 ? `docker.io/library/${bare}` : `docker.io/${bare}`;
}
