package io.stepstream.integrations.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.JobPauses;
import io.stepstream.integrations.Visit;
import io.stepstream.worker.handler.JobHandler;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs of AWS's services by their documented wire protocols, through the SDK's own clients. */
final class AwsJobHandlerTest {

  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration SHORTEST = Duration.ofMillis(10);

  private final AtomicReference<Instant> now = new AtomicReference<>(SINCE);
  private FakeAws aws;
  private AwsSettings settings;
  private AwsServices services;
  private AwsJobHandler handler;

  @BeforeEach
  void open() throws IOException {
    aws = new FakeAws();
    settings = new AwsSettings(aws.endpoint());
    services = new AwsServices();
    handler = new AwsJobHandler(services, JobTable.rules(), new JobPauses(SHORTEST), now::get);
  }

  @AfterEach
  void close() {
    services.close();
    settings.close();
    aws.close();
  }

  /**
   * The life of a job. JSON has single quotes.
   *
   * @param submit the action or path, and its answer
   * @param look the action or path; what it answers while the job runs, and at its end
   * @param reference by which the job is found
   */
  record Life(
      String resource,
      String arguments,
      String submit,
      String submitAnswer,
      String look,
      String runs,
      String ends,
      String reference,
      String result) {

    @Override
    public String toString() {
      return resource;
    }
  }

  static Stream<Life> succeeding() {
    return Stream.of(
        new Life(
            "athena:startQueryExecution",
            "{'QueryString':'SELECT 1'}",
            "StartQueryExecution",
            "{'QueryExecutionId':'q'}",
            "GetQueryExecution",
            "{'QueryExecution':{'QueryExecutionId':'q','Status':{'State':'RUNNING'}}}",
            "{'QueryExecution':{'QueryExecutionId':'q','Status':{'State':'SUCCEEDED','SubmissionDateTime':1700000000.5}}}",
            "{'QueryExecutionId':'q'}",
            "{'QueryExecution':{'QueryExecutionId':'q','Status':{'State':'SUCCEEDED','SubmissionDateTime':1700000000500}}}"),
        new Life(
            "batch:submitJob",
            "{'JobName':'n','JobQueue':'q','JobDefinition':'d'}",
            "POST /v1/submitjob",
            "{'jobName':'n','jobId':'j','jobArn':'arn:j'}",
            "POST /v1/describejobs",
            "{'jobs':[{'jobId':'j','status':'RUNNABLE'}]}",
            "{'jobs':[{'jobId':'j','jobName':'n','status':'SUCCEEDED','createdAt':1700000000000,'container':{'exitCode':0,'image':'i'}}]}",
            "{'JobId':'j'}",
            "{'Container':{'ExitCode':0,'Image':'i'},'CreatedAt':1700000000000,'JobId':'j','JobName':'n','Status':'SUCCEEDED'}"),
        new Life(
            "bedrock:createModelCustomizationJob",
            "{'JobName':'n','CustomModelName':'m','RoleArn':'arn:r','BaseModelIdentifier':'b'}",
            "POST /model-customization-jobs",
            "{'jobArn':'arn:aws:bedrock:us-east-1:1:model-customization-job/x'}",
            "GET /model-customization-jobs/arn:aws:bedrock:us-east-1:1:model-customization-job/x",
            "{'jobName':'n','status':'InProgress'}",
            "{'jobName':'n','status':'Completed'}",
            "{'JobArn':'arn:aws:bedrock:us-east-1:1:model-customization-job/x'}",
            "{'JobName':'n','Status':'Completed'}"),
        new Life(
            "ecs:runTask",
            "{'TaskDefinition':'d','Cluster':'c','Count':1}",
            "RunTask",
            "{'tasks':[{'taskArn':'arn:t','clusterArn':'arn:c'}],'failures':[]}",
            "DescribeTasks",
            "{'tasks':[{'taskArn':'arn:t','lastStatus':'RUNNING','containers':[{'name':'a'}]}]}",
            "{'tasks':[{'taskArn':'arn:t','lastStatus':'STOPPED','stopCode':'EssentialContainerExited','containers':[{'name':'a','exitCode':0}]}]}",
            "{'ClusterArn':'arn:c','TaskArn':'arn:t'}",
            "{'Containers':[{'ExitCode':0,'Name':'a'}],'LastStatus':'STOPPED','StopCode':'EssentialContainerExited','TaskArn':'arn:t'}"),
        new Life(
            "eks:createCluster",
            "{'Name':'c','RoleArn':'arn:r','ResourcesVpcConfig':{}}",
            "POST /clusters",
            "{'cluster':{'name':'c','status':'CREATING'}}",
            "GET /clusters/c",
            "{'cluster':{'name':'c','status':'CREATING'}}",
            "{'cluster':{'name':'c','status':'ACTIVE','endpoint':'e'}}",
            "{'Name':'c'}",
            "{'Cluster':{'Endpoint':'e','Name':'c','Status':'ACTIVE'}}"),
        new Life(
            "eks:createNodegroup",
            "{'ClusterName':'c','NodegroupName':'g','Subnets':['s'],'NodeRole':'arn:r'}",
            "POST /clusters/c/node-groups",
            "{'nodegroup':{'clusterName':'c','nodegroupName':'g','status':'CREATING'}}",
            "GET /clusters/c/node-groups/g",
            "{'nodegroup':{'nodegroupName':'g','status':'CREATING'}}",
            "{'nodegroup':{'nodegroupName':'g','status':'ACTIVE'}}",
            "{'ClusterName':'c','NodegroupName':'g'}",
            "{'Nodegroup':{'NodegroupName':'g','Status':'ACTIVE'}}"),
        new Life(
            "elasticmapreduce:createCluster",
            "{'Name':'n','Instances':{'KeepJobFlowAliveWhenNoSteps':true}}",
            "RunJobFlow",
            "{'JobFlowId':'j-1','ClusterArn':'arn:c'}",
            "DescribeCluster",
            "{'Cluster':{'Id':'j-1','Status':{'State':'STARTING'}}}",
            "{'Cluster':{'Id':'j-1','Status':{'State':'WAITING'}}}",
            "{'ClusterId':'j-1'}",
            "{'Cluster':{'Id':'j-1','Status':{'State':'WAITING'}},'ClusterId':'j-1'}"),
        new Life(
            "elasticmapreduce:addStep",
            "{'ClusterId':'j-1','Step':{'Name':'s','HadoopJarStep':{'Jar':'command-runner.jar'}}}",
            "AddJobFlowSteps",
            "{'StepIds':['s-1']}",
            "DescribeStep",
            "{'Step':{'Id':'s-1','Status':{'State':'PENDING'}}}",
            "{'Step':{'Id':'s-1','Status':{'State':'COMPLETED'}}}",
            "{'ClusterId':'j-1','StepId':'s-1'}",
            "{'Step':{'Id':'s-1','Status':{'State':'COMPLETED'}},'ClusterId':'j-1','StepId':'s-1'}"),
        new Life(
            "elasticmapreduce:terminateCluster",
            "{'ClusterId':'j-1'}",
            "TerminateJobFlows",
            "",
            "DescribeCluster",
            "{'Cluster':{'Id':'j-1','Status':{'State':'TERMINATING'}}}",
            "{'Cluster':{'Id':'j-1','Status':{'State':'TERMINATED'}}}",
            "{'ClusterId':'j-1'}",
            "{'Cluster':{'Id':'j-1','Status':{'State':'TERMINATED'}},'ClusterId':'j-1'}"),
        new Life(
            "glue:startJobRun",
            "{'JobName':'n','Arguments':{'--day':'1'}}",
            "StartJobRun",
            "{'JobRunId':'jr'}",
            "GetJobRun",
            "{'JobRun':{'Id':'jr','JobRunState':'RUNNING'}}",
            "{'JobRun':{'Id':'jr','JobName':'n','JobRunState':'SUCCEEDED','StartedOn':1.7E9}}",
            "{'JobName':'n','JobRunId':'jr'}",
            "{'Id':'jr','JobName':'n','JobRunState':'SUCCEEDED','StartedOn':1700000000000}"));
  }

  @ParameterizedTest
  @MethodSource("succeeding")
  void shouldSubmitLookAndEndWithTheDescription(Life life) throws Exception {
    aws.on(life.submit, life.submitAnswer).on(life.look, life.runs).on(life.look, life.ends);
    Visit visit = sync(life.resource);

    var submitted = (JobHandler.Submitted) handler.submit(json(life.arguments), visit);
    JobHandler.Look first = look(visit, submitted.reference(), 0);
    JobHandler.Look second = look(visit, submitted.reference(), 0);

    assertThat(json(submitted.reference())).isEqualTo(json(life.reference));
    assertThat(submitted.answer().path("SdkHttpMetadata").path("HttpStatusCode").asInt())
        .isEqualTo(200);
    assertThat(submitted.pause()).isEqualTo(SHORTEST);
    assertThat(first).isEqualTo(new JobHandler.Running(SHORTEST));
    assertThat(json(((JobHandler.Ended) second).result().toString())).isEqualTo(json(life.result));
    assertThat(aws.asked(life.submit)).hasSize(1);
    assertThat(aws.asked(life.look)).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("succeeding")
  void shouldEndWithTheAnswerToTheRequestWithoutSync(Life life) throws Exception {
    aws.on(life.submit, life.submitAnswer);

    var ended =
        (JobHandler.Ended)
            handler.submit(json(life.arguments), Visit.of("arn:aws:states:::" + life.resource));

    assertThat(ended.result().has("SdkHttpMetadata")).isTrue();
    assertThat(aws.calls).hasSize(1);
  }

  /** The rest of the ends; each is the description's JSON as cause. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "athena:startQueryExecution|{'QueryExecutionId':'q'}|GetQueryExecution|{'QueryExecution':{'Status':{'State':'FAILED','StateChangeReason':'r'}}}|{'QueryExecution':{'Status':{'State':'FAILED','StateChangeReason':'r'}}}",
        "batch:submitJob|{'JobId':'j'}|POST"
            + " /v1/describejobs|{'jobs':[{'jobId':'j','status':'FAILED','statusReason':'r'}]}|{'JobId':'j','Status':'FAILED','StatusReason':'r'}",
        "ecs:runTask|{'ClusterArn':'c','TaskArn':'t'}|DescribeTasks|{'tasks':[{'lastStatus':'STOPPED','containers':[{'exitCode':0},{'exitCode':2}]}]}|{'Containers':[{'ExitCode':0},{'ExitCode':2}],'LastStatus':'STOPPED'}",
        "ecs:runTask|{'ClusterArn':'c','TaskArn':'t'}|DescribeTasks|{'tasks':[{'lastStatus':'STOPPED','stopCode':'TaskFailedToStart','containers':[{'name':'a'}]}]}|{'Containers':[{'Name':'a'}],'LastStatus':'STOPPED','StopCode':'TaskFailedToStart'}",
        "eks:createCluster|{'Name':'c'}|GET"
            + " /clusters/c|{'cluster':{'status':'FAILED'}}|{'Cluster':{'Status':'FAILED'}}",
        "elasticmapreduce:addStep|{'ClusterId':'j','StepId':'s'}|DescribeStep|{'Step':{'Status':{'State':'CANCELLED'}}}|{'Step':{'Status':{'State':'CANCELLED'}},'ClusterId':'j','StepId':'s'}",
        "glue:startJobRun|{'JobName':'n','JobRunId':'r'}|GetJobRun|{'JobRun':{'JobRunState':'TIMEOUT'}}|{'JobRunState':'TIMEOUT'}"
      })
  void shouldFailWithTheDescriptionOfTheJobThatFailed(
      String resource, String reference, String look, String answer, String cause)
      throws Exception {
    aws.on(look, answer);

    TaskFailedException failed = failedLook(sync(resource), reference, 0);

    assertThat(failed.error()).isEqualTo("States.TaskFailed");
    assertThat(json(failed.causeText())).isEqualTo(json(cause));
  }

  /** The attempt's token makes a repeated request harmless where the service has one. */
  @ParameterizedTest
  @CsvSource({
    "ecs:runTask,RunTask,clientToken",
    "athena:startQueryExecution,StartQueryExecution,ClientRequestToken",
    "eks:createCluster,POST /clusters,clientRequestToken",
    "bedrock:createModelCustomizationJob,POST /model-customization-jobs,clientRequestToken",
  })
  void shouldSendTheSameTokenWithEachDelivery(String resource, String action, String token)
      throws Exception {
    Life life = succeeding().filter(l -> l.resource.equals(resource)).findFirst().orElseThrow();
    aws.on(life.submit, life.submitAnswer);
    Visit visit = sync(resource);

    handler.submit(json(life.arguments), visit);
    handler.submit(json(life.arguments), visit.redelivered());

    assertThat(aws.asked(action))
        .extracting(body -> body.path(token).asText())
        .containsExactly(AwsAction.token(visit), AwsAction.token(visit));
  }

  /** A row may name a token that the SDK doesn't tell of, as CodeBuild's. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'JobName':'n'}|",
        "{'JobName':'n','JOBQUEUE':null}|",
        "{'JobName':'n','JOBQUEUE':'mine'}|mine"
      })
  void shouldSendTheTokenThatTheRowNamesUnlessTheStateGivesOne(
      String arguments, @Nullable String sent) throws Exception {
    JobRule row =
        JobRule.of("batch:submitJob", "batch", "submitJob", JobTable.ATHENA)
            .token("jobQueue")
            .id("JobId", "/JobId")
            .look("describeJobs", "{'jobs':['$JobId']}", "/Jobs/0")
            .ends("/Status", Set.of("SUCCEEDED"), Set.of("FAILED"));
    aws.on("POST /v1/submitjob", "{'jobId':'j'}");
    Visit visit = sync("batch:submitJob");

    withRow(row).submit(json(arguments), visit);

    assertThat(aws.asked("POST /v1/submitjob").getFirst().path("jobQueue").asText())
        .isEqualTo(sent == null ? AwsAction.token(visit) : sent);
  }

  /** Where the job's name is the user's, the second request meets the job of the first. */
  @Test
  void shouldTakeTheJobForItsOwnThatAnEarlierDeliveryHasBegun() throws Exception {
    aws.on("POST /clusters", 409, "ResourceInUseException", "{'message':'there is one'}");
    JobRule row =
        JobRule.of("eks:createCluster", "eks", "createCluster", JobTable.ATHENA)
            .taken("ResourceInUseException")
            .id("Name", "Name")
            .look("describeCluster", "{'name':'$Name'}", "/Cluster")
            .ends("/Status", Set.of("ACTIVE"), Set.of("FAILED"));
    AwsJobHandler named = withRow(row);
    Visit visit = sync("eks:createCluster");
    JsonNode arguments = json("{'Name':'n','RoleArn':'arn:r','ResourcesVpcConfig':{}}");

    TaskFailedException first =
        catchThrowableOfType(TaskFailedException.class, () -> named.submit(arguments, visit));
    var second = (JobHandler.Submitted) named.submit(arguments, visit.redelivered());

    assertThat(first.error()).endsWith(".ResourceInUseException");
    assertThat(json(second.reference())).isEqualTo(json("{'Name':'n'}"));
  }

  @ParameterizedTest
  @CsvSource({
    "429,TooManyRequestsException",
    "400,ThrottlingException",
    "500,InternalFailure",
    "503,''"
  })
  void shouldAskAgainALittleLaterEachTimeWhenTheServiceDoesNotTell(int status, String error)
      throws Exception {
    aws.on("GetJobRun", status, error, "{'message':'later'}");
    Visit visit = sync("glue:startJobRun");
    String reference = "{'JobName':'n','JobRunId':'r'}";
    now.set(SINCE.plus(Duration.ofHours(1)));

    assertThat(look(visit, reference, 0)).isEqualTo(new JobHandler.Unanswered(SHORTEST));
    assertThat(look(visit, reference, 3))
        .isEqualTo(new JobHandler.Unanswered(SHORTEST.multipliedBy(8)));
    TaskFailedException last = failedLook(visit, reference, JobPauses.MOST_UNANSWERED);
    assertThat(last.error()).startsWith("Glue.");
  }

  @Test
  void shouldGoOnWhenTheServiceIsBack() throws Exception {
    aws.on("GetJobRun", "{'JobRun':{'JobRunState':'SUCCEEDED'}}");
    Visit visit = sync("glue:startJobRun");
    String reference = "{'JobName':'n','JobRunId':'r'}";
    settings.set("aws.endpointUrlGlue", "http://127.0.0.1:1");
    try (AwsServices away = new AwsServices()) {
      AwsJobHandler alone =
          new AwsJobHandler(away, JobTable.rules(), new JobPauses(SHORTEST), now::get);
      assertThat(alone.look(new JobHandler.Job(json(reference).toString(), SINCE, 0), visit))
          .isInstanceOf(JobHandler.Unanswered.class);
    }
    settings.unset("aws.endpointUrlGlue");

    assertThat(look(visit, reference, 1)).isInstanceOf(JobHandler.Ended.class);
  }

  @Test
  void shouldFailAtOnceWhenTheServiceRefusesToTell() {
    aws.on("GetJobRun", 400, "AccessDeniedException", "{'message':'no'}");

    TaskFailedException failed =
        failedLook(sync("glue:startJobRun"), "{'JobName':'n','JobRunId':'r'}", 0);

    assertThat(failed.error()).isEqualTo("Glue.AccessDeniedException");
    assertThat(failed.causeText()).startsWith("no (Service: AWSGlue; Status Code: 400;");
  }

  /** Services are told of their own jobs a little late. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "glue:startJobRun|{'JobName':'n','JobRunId':'r'}|GetJobRun|400|EntityNotFoundException|{'message':'none'}|Glue.EntityNotFoundException",
        "batch:submitJob|{'JobId':'j'}|POST /v1/describejobs|200|``|{'jobs':[]}|States.TaskFailed"
      })
  void shouldTakeAJobThatIsNotThereForLostAfterAMinuteOnly(
      String resource,
      String reference,
      String look,
      int status,
      String error,
      String answer,
      String failure)
      throws Exception {
    aws.on(look, status, error, answer);

    now.set(SINCE.plusSeconds(59));
    assertThat(look(sync(resource), reference, 0)).isNotInstanceOf(JobHandler.Ended.class);
    now.set(SINCE.plusSeconds(60));

    assertThat(failedLook(sync(resource), reference, 0).error()).isEqualTo(failure);
  }

  @Test
  void shouldSucceedWhenWhatIsDeletedIsGone() throws Exception {
    aws.on("DELETE /clusters/c", "{'cluster':{'name':'c','status':'DELETING'}}")
        .on("GET /clusters/c", "{'cluster':{'name':'c','status':'DELETING'}}")
        .on("GET /clusters/c", 404, "ResourceNotFoundException", "{'message':'No cluster'}");
    Visit visit = sync("eks:deleteCluster");

    var submitted = (JobHandler.Submitted) handler.submit(json("{'Name':'c'}"), visit);
    JobHandler.Look deleting = look(visit, submitted.reference(), 0);
    JobHandler.Look gone = look(visit, submitted.reference(), 0);

    assertThat(deleting).isInstanceOf(JobHandler.Running.class);
    assertThat(((JobHandler.Ended) gone).result()).isEqualTo(json("{'Name':'c'}"));
  }

  @ParameterizedTest
  @CsvSource({"1,10", "8,1000", "80,10000", "480,60000", "100000,60000"})
  void shouldLookLessOftenTheLongerAJobRuns(long seconds, long pauseMillis) throws Exception {
    aws.on("GetJobRun", "{'JobRun':{'JobRunState':'RUNNING'}}");
    now.set(SINCE.plusSeconds(seconds == 1 ? 0 : seconds));

    assertThat(look(sync("glue:startJobRun"), "{'JobName':'n','JobRunId':'r'}", 0))
        .isEqualTo(new JobHandler.Running(Duration.ofMillis(pauseMillis)));
  }

  @Test
  void shouldFailWithTheErrorOfTheServiceThatTakesNoJob() {
    aws.on("POST /v1/submitjob", 400, "ClientException", "{'message':'no queue'}");

    assertThatThrownBy(
            () ->
                handler.submit(
                    json("{'JobName':'n','JobQueue':'q','JobDefinition':'d'}"),
                    sync("batch:submitJob")))
        .isInstanceOfSatisfying(
            TaskFailedException.class,
            failed -> {
              assertThat(failed.error()).isEqualTo("Batch.ClientException");
              assertThat(failed.causeText()).startsWith("no queue (Service: AWSBatch;");
            });
  }

  @Test
  void shouldFailWhenNoTaskOfEcsHasBegun() {
    aws.on("RunTask", "{'tasks':[],'failures':[{'arn':'a','reason':'RESOURCE:MEMORY'}]}");

    TaskFailedException failed =
        catchThrowableOfType(
            TaskFailedException.class,
            () -> handler.submit(json("{'TaskDefinition':'d'}"), sync("ecs:runTask")));

    assertThat(failed.error()).isEqualTo("AmazonECS.Unknown");
    assertThat(failed.causeText()).contains("\"Reason\":\"RESOURCE:MEMORY\"");
  }

  @Test
  void shouldNotWaitForOneOfSeveralTasks() {
    TaskFailedException failed =
        catchThrowableOfType(
            TaskFailedException.class,
            () -> handler.submit(json("{'TaskDefinition':'d','Count':2}"), sync("ecs:runTask")));

    assertThat(failed.error()).isEqualTo("States.Runtime");
    assertThat(failed.causeText()).contains("waits for one job, but count is 2");
    assertThat(aws.calls).isEmpty();
  }

  @Test
  void shouldTellWhichModuleIsMissing() {
    assertThatThrownBy(() -> handler.submit(json("{}"), sync("mediaconvert:createJob")))
        .isInstanceOfSatisfying(
            TaskFailedException.class,
            failed ->
                assertThat(failed.causeText()).contains("software.amazon.awssdk:mediaconvert:"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "batch:submitJob|{'JobId':'j'}|POST /v1/terminatejob|{'jobId':'j','reason':'The Task state"
            + " which was managing this job was aborted'}",
        "ecs:runTask|{'ClusterArn':'c','TaskArn':'t'}|StopTask|{'cluster':'c','task':'t','reason':'The"
            + " Task state which was managing this job was aborted'}",
        "glue:startJobRun|{'JobName':'n','JobRunId':'r'}|BatchStopJobRun|{'JobName':'n','JobRunIds':['r']}",
        "athena:startQueryExecution|{'QueryExecutionId':'q'}|StopQueryExecution|{'QueryExecutionId':'q'}",
        "elasticmapreduce:addStep|{'ClusterId':'j','StepId':'s'}|CancelSteps|{'ClusterId':'j','StepIds':['s']}",
        "elasticmapreduce:createCluster|{'ClusterId':'j'}|TerminateJobFlows|{'JobFlowIds':['j']}"
      })
  void shouldStop(String resource, String reference, String action, String sent) throws Exception {
    aws.on(action, 503, "", "{}").on(action, "{}");

    handler.stop(json(reference).toString(), sync(resource));

    assertThat(aws.asked(action)).hasSize(2).containsOnly(json(sent));
  }

  @Test
  void shouldGiveUpStoppingWhatTheServiceRefusesToStop() {
    aws.on("StopTask", 400, "InvalidParameterException", "{'message':'no such task'}");

    assertThatThrownBy(() -> handler.stop("{\"TaskArn\":\"t\"}", sync("ecs:runTask")))
        .hasMessageContaining("no such task");
    assertThat(aws.calls).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"eks:createCluster", "eks:deleteNodegroup"})
  void shouldLeaveAloneWhatCannotBeStopped(String resource) throws Exception {
    handler.stop("{\"Name\":\"c\"}", sync(resource));

    assertThat(aws.calls).isEmpty();
  }

  /** A late message may be a repeated one, of a cluster that others use by now. */
  @ParameterizedTest
  @CsvSource({
    "batch:submitJob,true",
    "glue:startJobRun,true",
    "elasticmapreduce:createCluster,false",
    "eks:createCluster,false"
  })
  void shouldStopLateJobsUnlessTheyOutliveTheirTask(String resource, boolean stopped)
      throws Exception {
    Life life = succeeding().filter(l -> l.resource.equals(resource)).findFirst().orElseThrow();
    aws.on(life.submit, life.submitAnswer);

    var submitted = (JobHandler.Submitted) handler.submit(json(life.arguments), sync(resource));

    assertThat(submitted.stopLate()).isEqualTo(stopped);
  }

  private AwsJobHandler withRow(JobRule row) {
    return new AwsJobHandler(
        services, Map.of(row.resource(), row), new JobPauses(SHORTEST), now::get);
  }

  private JobHandler.Look look(Visit visit, String reference, int unanswered) throws Exception {
    return handler.look(new JobHandler.Job(json(reference).toString(), SINCE, unanswered), visit);
  }

  private TaskFailedException failedLook(Visit visit, String reference, int unanswered) {
    return catchThrowableOfType(
        TaskFailedException.class, () -> look(visit, reference, unanswered));
  }

  private static Visit sync(String resource) {
    return Visit.of("arn:aws:states:::" + resource + ".sync");
  }

  private static JsonNode json(String text) {
    try {
      return JsonText.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
