import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

/**
 * What each template is held to at synth, besides CDK's own validation of it: AWS's solutions' rules. Where one does not
 * apply, the construct says why beside its code.
 */
export const addChecks = (app: App): void => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
};
