import { maxNodeScore } from '../framework/plugin.ts';

/** Spreads scores so that the highest becomes 100; reversed, the lowest does (`helper.DefaultNormalizeScore`). */
export function normalizeScores(scores: Map<string, number>, { reverse = false } = {}): void {
  const highest = Math.max(0, ...scores.values());
  for (const [node, score] of scores) {
    const scaled = highest === 0 ? 0 : Math.floor((maxNodeScore * score) / highest);
    scores.set(node, reverse ? maxNodeScore - scaled : scaled);
  }
}
