import type { Scenario } from '../rehearsal.ts';
import { addedColumn } from './added-column.ts';
import { deploys } from './deploys.ts';
import { failures } from './failures.ts';
import { operations } from './operations.ts';
import { updates } from './updates.ts';
import { upgrades } from './upgrades.ts';

export const scenarios: readonly Scenario[] = [
  ...deploys,
  ...upgrades,
  ...updates,
  ...failures,
  ...operations,
  ...addedColumn,
];
