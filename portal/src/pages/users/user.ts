/** How a user is called on the pages, and where they stand. */

interface Named {
  userId: string;
  userPrincipalName?: string;
  displayName?: string;
}

export function nameOf({ userId, userPrincipalName, displayName }: Named): string {
  return displayName ?? userPrincipalName ?? userId;
}

/** What tells the user from others of the same name: what the name does not say already. */
export function noteOf(user: Named): string {
  const name = nameOf(user);
  return [user.userPrincipalName, user.userId].filter((text) => text !== undefined && text !== name).join(', ');
}

/** The address of a user's own page. */
export function pathOf(userId: string): string {
  return `/users/${encodeURIComponent(userId)}`;
}
