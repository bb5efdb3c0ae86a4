/** For `filter`: takes the members of this list off another, one for one. */
export function beyond(list: readonly string[]): (name: string) => boolean {
  const rest = [...list];
  return (name) => {
    const at = rest.indexOf(name);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  };
}
