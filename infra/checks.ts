import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

/**
 * Checks each template at synth by the rules of AWS Solutions (cdk-nag), besides CDK's own validation. A construct to which
 * a rule does not apply says why beside its code.
 */
export const addChecks = (app: App): void => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
};
