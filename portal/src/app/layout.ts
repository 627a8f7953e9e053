/** Below this width the navigation is a drawer and pages stand closer to the edges. */
export const narrow = '@media (max-width: 820px)';

export const HEADER_PIXELS = 48;
