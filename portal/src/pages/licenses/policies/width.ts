/** Below this width the rows of a table are cards: six columns would be too narrow to read. */
export const cards = '@media (max-width: 760px)';
