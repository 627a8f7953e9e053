/** Known before the chart is loaded, so that nothing jumps when it comes. */
export const CHART_PIXELS = 300;
