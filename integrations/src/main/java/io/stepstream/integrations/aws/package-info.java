/**
 * Actions of AWS's services as Task states call them, and as servers that speak AWS's protocols
 * offer them.
 *
 * <p>There is no code per service. {@link io.stepstream.integrations.aws.AwsServices} finds the
 * client modules of AWS's SDK on the class path, and what a request and an answer consist of is
 * read from the SDK's own description of them. {@link io.stepstream.integrations.aws.AwsSdkHandler}
 * serves every action so; {@link io.stepstream.integrations.aws.OptimizedHandler} serves a few of
 * them in the shapes that AWS Step Functions gave them before it had the general way, and {@link
 * io.stepstream.integrations.aws.AwsJobHandler} those that begin jobs, by the rows of a table.
 *
 * <p>Endpoints, regions and credentials come from where the SDK looks for them: environment, system
 * properties, profiles. Nothing is tried again here, but to ask for a job and to stop it: that is
 * the Retry of the state's.
 */
@NullMarked
package io.stepstream.integrations.aws;

import org.jspecify.annotations.NullMarked;
