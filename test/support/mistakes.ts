import { throws } from 'node:assert/strict';
import { DeployConfigError, readDeployConfig } from '../../infra/config/read-deploy-config.ts';

/** Lists the mistakes in a stage. */
export const mistakesIn = (given: unknown): readonly string[] => {
  let mistakes: readonly string[] = [];
  throws(
    () => readDeployConfig('test', given),
    (error) => {
      if (!(error instanceof DeployConfigError)) return false;
      mistakes = error.mistakes;
      return true;
    },
  );
  return mistakes;
};
