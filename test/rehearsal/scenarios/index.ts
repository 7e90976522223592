import type { Scenario } from '../rehearsal.ts';
import { deploys } from './deploys.ts';
import { failures } from './failures.ts';
import { updates } from './updates.ts';
import { upgrades } from './upgrades.ts';

export const scenarios: readonly Scenario[] = [...deploys, ...upgrades, ...updates, ...failures];

/**
 * Scenarios that must hold and do not yet, with what they wait for. They are skipped unless `--only` or `--required` asks for
 * them; when what one waits for is there, its line goes.
 */
export const notYet: Readonly<Record<string, string>> = {};
