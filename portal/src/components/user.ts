/** How a user is called on the pages, and where they stand. */

interface Named {
  userId: string;
  userPrincipalName?: string;
  displayName?: string;
}

export function nameOf({ userId, userPrincipalName, displayName }: Named): string {
  return displayName ?? userPrincipalName ?? userId;
}

/** The other name, where there is one: of a list that shows many users, each in two lines. */
export function secondNameOf(user: Named): string | undefined {
  const second = user.userPrincipalName ?? user.userId;
  return second === nameOf(user) ? undefined : second;
}

/** All that tells the user from others of the same name: what the name does not say already. */
export function noteOf(user: Named): string {
  const name = nameOf(user);
  return [user.userPrincipalName, user.userId].filter((text) => text !== undefined && text !== name).join(', ');
}

/** The address of a user's own page. */
export function pathOf(userId: string): string {
  return `/users/${encodeURIComponent(userId)}`;
}
