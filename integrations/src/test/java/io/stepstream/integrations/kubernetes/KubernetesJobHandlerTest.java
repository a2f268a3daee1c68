package io.stepstream.integrations.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.stepstream.integrations.JobPauses;
import io.stepstream.integrations.SilentServer;
import io.stepstream.integrations.Visit;
import io.stepstream.integrations.aws.AwsServices;
import io.stepstream.integrations.aws.AwsSettings;
import io.stepstream.worker.handler.JobHandler;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class KubernetesJobHandlerTest {

  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final String RUN_JOB = "arn:aws:states:::eks:runJob";
  private static final Visit SYNC = Visit.of(RUN_JOB + ".sync");
  private static final String JOBS = "/apis/batch/v1/namespaces/stepstream/jobs";
  private static final String NAMED =
      "{'Job':{'metadata':{'name':'pi'},'spec':{'backoffLimit':0,'template':{}}}}";

  private static KubernetesServer cluster;

  private AwsSettings settings;
  private AwsServices aws;
  private KubernetesJobHandler handler;

  /** Its certificate takes a second. */
  @BeforeAll
  static void startCluster() {
    cluster = new KubernetesServer();
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @BeforeEach
  void open() throws Exception {
    cluster.reset();
    settings = new AwsSettings(URI.create("http://127.0.0.1:9"));
    aws = new AwsServices();
    handler = handler(cluster::config);
  }

  @AfterEach
  void close() {
    aws.close();
    settings.close();
  }

  private KubernetesJobHandler handler(Supplier<Config> here) {
    return new KubernetesJobHandler(
        new Clusters(aws, KubernetesJobHandlerTest::onlyLocalhost, here),
        new JobPauses(SHORTEST),
        () -> SINCE.plusSeconds(80));
  }

  private static void onlyLocalhost(String host) {
    if (!host.equals("localhost")) {
      throw new TaskFailedException("States.Permissions", host);
    }
  }

  // ------------------------------------------------------------------ a job's life

  @Test
  void shouldRunAJobInTheWorkersOwnClusterAndEndWithItsDescription() throws Exception {
    JobHandler.Submitted submitted = submitted(NAMED);
    JobHandler.Look running = look(submitted);
    cluster.end("stepstream", "pi", "Complete");
    JobHandler.Look ended = look(submitted);

    assertThat(running).isEqualTo(new JobHandler.Running(Duration.ofSeconds(10)));
    JsonNode result = ((JobHandler.Ended) ended).result();
    assertThat(result.path("kind").asText()).isEqualTo("Job");
    assertThat(result.path("spec").path("backoffLimit").asInt(-1)).isZero();
    assertThat(result.path("status").path("conditions").path(1).path("type").asText())
        .isEqualTo("Complete");
    assertThat(result.has("logs")).isFalse();
    Job job = job("pi");
    assertThat(job.getMetadata().getLabels())
        .containsEntry("stepstream.io/attempt", attempt(submitted));
    assertThat(job.getMetadata().getAnnotations())
        .containsEntry("stepstream.io/execution-arn", SYNC.executionArn());
    assertThat(submitted.pause()).isEqualTo(SHORTEST);
    assertThat(submitted.stopLate()).isTrue();
    assertThat(submitted.answer().path("StatusCode").asInt()).isEqualTo(201);
    assertThat(cluster.shown()).containsOnly("Bearer kept at home");
  }

  @ParameterizedTest
  @ValueSource(strings = {RUN_JOB, RUN_JOB + ".waitForTaskToken"})
  void shouldEndWithTheAnswerWithoutSync(String resource) throws Exception {
    var ended = (JobHandler.Ended) handler.submit(json(NAMED), Visit.of(resource));

    assertThat(ended.result().path("StatusText").asText()).isEqualTo("Created");
    assertThat(ended.result().path("ResponseBody").path("metadata").path("name").asText())
        .isEqualTo("pi");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        NAMED,
        "{'Job':{'spec':{}}}",
        "{'Job':{'apiVersion':'batch/v1','kind':'Job','metadata':{'generateName':'pi-','labels':{'a':'b'}}}}"
      })
  void shouldFindTheJobThatAnEarlierDeliveryHasMade(String arguments) throws Exception {
    var first = (JobHandler.Submitted) handler.submit(json(arguments), SYNC);
    var second = (JobHandler.Submitted) handler.submit(json(arguments), SYNC.redelivered());

    assertThat(second.reference()).isEqualTo(first.reference());
    assertThat(cluster.client().batch().v1().jobs().inNamespace("stepstream").list().getItems())
        .hasSize(1);
  }

  @Test
  void shouldNotTakeTheJobOfAnotherAttemptForItsOwn() throws Exception {
    submitted(NAMED);

    TaskFailedException refused =
        catchThrowableOfType(
            TaskFailedException.class, () -> handler.submit(json(NAMED), SYNC.retried()));

    assertThat(refused.error()).isEqualTo("EKS.409");
  }

  @Test
  void shouldNameJobsAfterTheirAttempts() throws Exception {
    handler.submit(json("{'Job':{'metadata':{'generateName':'pi-'}}}"), SYNC);
    handler.submit(json("{'Job':{'metadata':{'generateName':'pi-'}}}"), SYNC.retried());

    assertThat(cluster.client().batch().v1().jobs().inNamespace("stepstream").list().getItems())
        .extracting(job -> job.getMetadata().getName())
        .hasSize(2)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("pi-[0-9a-f-]{36}"));
  }

  @Test
  void shouldFailWithTheDescriptionOfTheJobThatFailed() throws Exception {
    JobHandler.Submitted submitted = submitted(NAMED);
    cluster.end("stepstream", "pi", "Failed");

    TaskFailedException failed = failedLook(submitted.reference(), 0);

    assertThat(failed.error()).isEqualTo("States.TaskFailed");
    assertThat(json(failed.causeText()).path("status").path("conditions").path(1).path("type"))
        .isEqualTo(json("'Failed'"));
  }

  // ------------------------------------------------------------------ logs

  @Test
  void shouldGiveTheLogsOfAllContainersAsJsonWhereTheyAreJson() throws Exception {
    JobHandler.Submitted submitted =
        submitted(
            withLogs(
                "{'RetrieveLogs':true,'LogParameters':{'tailLines':['6'],'since':['a','b']}}"));
    cluster.pod("stepstream", "pi", "pi-1", "count", "say");
    cluster.pod("stepstream", "pi", "pi-2", "count");
    cluster.pod("stepstream", "another", "another-1", "count");
    String query = "&tailLines=6&since=a&since=b&limitBytes=262145";
    log("pi-1", "container=count" + query, 200, "{\"pi\": 3.14159265358979323846}\n");
    log("pi-1", "container=say" + query, 200, "done\n");
    log("pi-2", "container=count" + query, 400, "{\"kind\":\"Status\",\"code\":400}");
    cluster.end("stepstream", "pi", "Complete");

    JsonNode result = ((JobHandler.Ended) look(submitted)).result();

    assertThat(result.path("logs"))
        .isEqualTo(
            json(
                "{'pods':{'pi-1':{'containers':{'count':{'log':{'pi':3.14159265358979323846}},'say':{'log':'done\\n"
                    + "'}}},'pi-2':{'containers':{'count':{'log':null}}}}}"));
  }

  @Test
  void shouldGiveRawLogsAsTextAndNoMoreOfThemThanAResultMayHave() throws Exception {
    JobHandler.Submitted submitted =
        submitted(
            withLogs(
                "{'RetrieveLogs':true,'RawLogs':true,'LogParameters':{'limitBytes':['9000000']}}"));
    cluster.pod("stepstream", "pi", "pi-1", "count");
    log("pi-1", "container=count&limitBytes=262145", 200, "3");
    cluster.end("stepstream", "pi", "Complete");

    JsonNode result = ((JobHandler.Ended) look(submitted)).result();

    assertThat(result.at("/logs/pods/pi-1/containers/count/log")).isEqualTo(json("'3'"));
  }

  @ParameterizedTest
  @CsvSource({"100,true", "40000,false"})
  void shouldTellLogsOfAFailedJobUnlessTheCauseWouldBeTooLong(int length, boolean told)
      throws Exception {
    JobHandler.Submitted submitted = submitted(withLogs("{'RetrieveLogs':true}"));
    cluster.pod("stepstream", "pi", "pi-1", "count");
    log("pi-1", "container=count&limitBytes=262145", 200, "x".repeat(length));
    cluster.end("stepstream", "pi", "Failed");

    TaskFailedException failed = failedLook(submitted.reference(), 0);

    assertThat(json(failed.causeText()).has("logs")).isEqualTo(told);
    assertThat(json(failed.causeText()).has("status")).isTrue();
  }

  @Test
  void shouldAskAgainForLogsThatTheClusterDidNotTell() throws Exception {
    JobHandler.Submitted submitted = submitted(withLogs("{'RetrieveLogs':true}"));
    cluster.pod("stepstream", "pi", "pi-1", "count");
    log("pi-1", "container=count&limitBytes=262145", 503, "{}");
    log("pi-1", "container=count&limitBytes=262145", 200, "now");
    cluster.end("stepstream", "pi", "Complete");

    assertThat(look(submitted)).isEqualTo(new JobHandler.Unanswered(SHORTEST));
    assertThat(((JobHandler.Ended) look(submitted)).result().findValue("log"))
        .isEqualTo(json("'now'"));
  }

  // ------------------------------------------------------------------ errors

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 422, 500})
  void shouldFailWithTheStatusAndTheWordsOfTheClusterThatTakesNoJob(int status) {
    cluster
        .server()
        .expect()
        .post()
        .withPath(JOBS)
        .andReturn(
            status, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"message\":\"no such thing\"}")
        .always();

    assertThatThrownBy(() -> handler.submit(json(NAMED), SYNC))
        .isInstanceOfSatisfying(
            TaskFailedException.class,
            failed -> {
              assertThat(failed.error()).isEqualTo("EKS." + status);
              assertThat(failed.causeText()).contains("\"message\":\"no such thing\"");
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void shouldAskAgainALittleLaterWhenTheClusterDoesNotTell(int status) throws Exception {
    JobHandler.Submitted submitted = submitted(NAMED);
    answerLook(status, "{}");

    assertThat(look(submitted.reference(), 3))
        .isEqualTo(new JobHandler.Unanswered(SHORTEST.multipliedBy(8)));
    assertThat(failedLook(submitted.reference(), JobPauses.MOST_UNANSWERED).error())
        .isEqualTo("EKS." + status);
  }

  @Test
  void shouldAskAgainWhenTheClusterIsAway() throws Exception {
    JobHandler.Submitted submitted = submitted(NAMED);
    Config nobody = new ConfigBuilder(Config.empty()).withMasterUrl("http://127.0.0.1:9").build();
    handler = handler(() -> nobody);

    assertThat(look(submitted)).isEqualTo(new JobHandler.Unanswered(SHORTEST));
    assertThat(failedLook(submitted.reference(), JobPauses.MOST_UNANSWERED).error())
        .isEqualTo("EKS.SdkClientException");
  }

  @Test
  void shouldEndACallAtItsDeadlineAndByAnInterrupt() throws Exception {
    JobHandler.Submitted submitted = submitted(NAMED);
    JobHandler.Job job = new JobHandler.Job(submitted.reference(), SINCE, 0);
    try (SilentServer silent = new SilentServer()) {
      Config config =
          new ConfigBuilder(Config.empty()).withMasterUrl(silent.endpoint().toString()).build();
      handler = handler(() -> config);

      JobHandler.Look late =
          handler.look(job, Visit.until(Instant.now().plusMillis(300), SYNC.resource()));

      assertThat(late).isEqualTo(new JobHandler.Unanswered(SHORTEST));
      silent.assertThatAnInterruptEnds(() -> handler.look(job, SYNC));
    }
  }

  @Test
  void shouldFailAtOnceByWhatAnotherLookWillNotChange() throws Exception {
    JobHandler.Submitted submitted = submitted(NAMED);
    answerLook(403, "{}");

    assertThat(failedLook(submitted.reference(), 0).error()).isEqualTo("EKS.403");
  }

  @Test
  void shouldFailWhenSomebodyHasDeletedTheJob() throws Exception {
    JobHandler.Submitted submitted = submitted(NAMED);
    cluster.client().batch().v1().jobs().inNamespace("stepstream").withName("pi").delete();

    assertThat(failedLook(submitted.reference(), 0).error()).isEqualTo("EKS.404");

    JobHandler.Submitted another =
        (JobHandler.Submitted) handler.submit(json(NAMED), SYNC.retried());

    assertThat(another.reference()).isNotEqualTo(submitted.reference());
    TaskFailedException replaced = failedLook(submitted.reference(), 0);
    assertThat(replaced.error()).isEqualTo("EKS.404");
    assertThat(replaced.causeText()).contains("another one has its name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|Job",
        "{'Job':'pi'}|Job",
        "{'Job':{'kind':'Pod'}}|Job.kind",
        "{'Job':{'apiVersion':'v1'}}|Job.apiVersion",
        "{'Job':{'metadata':{'name':'../secrets/x'}}}|Job.metadata.name",
        "{'Job':{'metadata':{'name':7}}}|Job.metadata.name",
        "{'Job':{'metadata':{'name':'Upper'}}}|Job.metadata.name",
        "{'Job':{'metadata':[]}}|Job.metadata",
        "{'Job':{'metadata':{'labels':7}}}|Job.metadata.labels",
        "{'Job':{},'Namespace':'a/b'}|Namespace",
        "{'Job':{},'ClusterName':'c'}|Endpoint",
        "{'Job':{},'Endpoint':'https://localhost'}|ClusterName",
        "{'Job':{},'ClusterName':'c','Endpoint':'https://localhost'}|CertificateAuthority",
        "{'Job':{},'ClusterName':'c','Endpoint':'http://localhost','CertificateAuthority':'a'}|Endpoint",
        "{'Job':{},'ClusterName':'c','Endpoint':'https://u@localhost','CertificateAuthority':'a'}|Endpoint",
        "{'Job':{},'ClusterName':'c','Endpoint':'::','CertificateAuthority':'a'}|Endpoint",
        "{'Job':{},'LogOptions':{'RetrieveLogs':'yes'}}|LogOptions.RetrieveLogs",
        "{'Job':{},'LogOptions':{'LogParameters':{'tailLines':'6'}}}|LogOptions.LogParameters.tailLines",
        "{'Job':{},'LogOptions':{'LogParameters':{'tailLines':[6]}}}|LogOptions.LogParameters.tailLines",
        "{'Job':{},'LogOptions':{'LogParameters':{'follow':['true']}}}|LogOptions.LogParameters.follow",
        "{'Job':{},'LogOptions':{'LogParameters':{'limitBytes':['all']}}}|LogOptions.LogParameters.limitBytes"
      })
  void shouldTellWhichArgumentIsWrongBeforeAnythingBegins(String arguments, String field)
      throws Exception {
    assertThatThrownBy(() -> handler.submit(json(arguments), SYNC))
        .isInstanceOfSatisfying(
            TaskFailedException.class,
            failed -> {
              assertThat(failed.error()).isEqualTo("States.Runtime");
              assertThat(failed.causeText()).startsWith("The field '" + field + "' of eks:runJob ");
            });
    assertThat(cluster.taken()).isEmpty();
  }

  @Test
  void shouldBeginNoJobThatCouldNotBeFoundAgain() throws Exception {
    String tooLong = "{'RetrieveLogs':true,'LogParameters':{'x':['" + "y".repeat(9_000) + "']}}";

    assertThatThrownBy(() -> handler.submit(json(withLogs(tooLong)), SYNC))
        .hasMessageContaining("too long together");
    assertThat(cluster.taken()).isEmpty();
  }

  // ------------------------------------------------------------------ stops

  @Test
  void shouldStopByDeletingTheJobAndItsPods() throws Exception {
    JobHandler.Submitted submitted = submitted(NAMED);
    cluster.taken();

    handler.stop(submitted.reference(), SYNC);

    List<RecordedRequest> asked = cluster.taken();
    assertThat(asked).extracting(RecordedRequest::getMethod).containsExactly("DELETE");
    JsonNode options = json(asked.getFirst().getUtf8Body());
    assertThat(options.path("propagationPolicy").asText()).isEqualTo("Background");
    assertThat(options.path("preconditions").path("uid").asText())
        .isEqualTo(json(submitted.reference()).path("Uid").asText());
    assertThat(job("pi")).isNull();
    // It is gone, or another one has its name.
    assertThatCode(() -> handler.stop(submitted.reference(), SYNC)).doesNotThrowAnyException();
    answerDelete(409);
    assertThatCode(() -> handler.stop(submitted.reference(), SYNC)).doesNotThrowAnyException();
  }

  @Test
  void shouldTryAgainToStopWhenTheClusterDoesNotAnswer() throws Exception {
    JobHandler.Submitted submitted = submitted(NAMED);
    answerDelete(503);

    handler.stop(submitted.reference(), SYNC);

    assertThat(job("pi")).isNull();
  }

  @Test
  void shouldGiveUpStoppingWhatItMayNotStop() throws Exception {
    JobHandler.Submitted submitted = submitted(NAMED);
    answerDelete(403);

    assertThatThrownBy(() -> handler.stop(submitted.reference(), SYNC))
        .isInstanceOf(KubernetesApi.Failed.class);
    assertThat(job("pi")).isNotNull();
  }

  // ------------------------------------------------------------------ clusters of EKS

  /** What the surroundings say about the worker's own cluster, in names of the client's. */
  private void knowTheOwnCluster() {
    settings.set("kubernetes.auth.basic.username", "kept");
    settings.set("kubernetes.auth.basic.password", "at home");
    settings.set("kubernetes.trust.certificates", "true");
  }

  @Test
  void shouldShowAClusterOfEksATokenThatIsForItAlone() throws Exception {
    knowTheOwnCluster();
    JobHandler.Submitted submitted = submitted(eks(cluster.endpoint(), cluster.authority()));
    cluster.end("batch", "pi", "Complete");
    JobHandler.Look ended = look(submitted);
    handler.stop(submitted.reference(), SYNC);

    assertThat(ended).isInstanceOf(JobHandler.Ended.class);
    assertThat(cluster.shown())
        .hasSize(3)
        .allMatch(header -> header.startsWith("Bearer k8s-aws-v1."));
  }

  @Test
  void shouldShowAClusterThatRefusesTheTokenNothingElse() throws Exception {
    knowTheOwnCluster();
    cluster
        .server()
        .expect()
        .post()
        .withPath("/apis/batch/v1/namespaces/batch/jobs")
        .andReturn(401, "{}")
        .always();

    TaskFailedException refused =
        catchThrowableOfType(
            TaskFailedException.class,
            () -> handler.submit(json(eks(cluster.endpoint(), cluster.authority())), SYNC));

    assertThat(refused.error()).isEqualTo("EKS.401");
    assertThat(cluster.shown())
        .isNotEmpty()
        .allMatch(header -> header.startsWith("Bearer k8s-aws-v1."));
  }

  /** Nobody is at the endpoint of STS. */
  @Test
  void shouldAskNoClusterWithTheWorkersTokenWhenTheStateHasARole() throws Exception {
    JsonNode arguments = json(eks(cluster.endpoint(), cluster.authority()));

    TaskFailedException failed =
        catchThrowableOfType(
            TaskFailedException.class,
            () -> handler.submit(arguments, SYNC.as("arn:aws:iam::1:role/r")));

    assertThat(failed.error()).isEqualTo("EKS.SdkClientException");
    assertThat(failed.causeText())
        .contains("The role 'arn:aws:iam::1:role/r' could not be assumed");
    assertThat(cluster.taken()).isEmpty();
  }

  @Test
  void shouldTrustNoClusterWhoseCertificateIsOfAnotherAuthority() throws Exception {
    knowTheOwnCluster();
    try (KubernetesServer another = new KubernetesServer()) {
      TaskFailedException refused =
          catchThrowableOfType(
              TaskFailedException.class,
              () -> handler.submit(json(eks(cluster.endpoint(), another.authority())), SYNC));

      assertThat(refused.error()).isEqualTo("EKS.SdkClientException");
      assertThat(cluster.taken()).isEmpty();
    }
  }

  @Test
  void shouldGoOnlyWhereCallsMayLead() throws Exception {
    String elsewhere = "https://127.0.0.1:" + cluster.server().getPort();

    assertThatThrownBy(() -> handler.submit(json(eks(elsewhere, cluster.authority())), SYNC))
        .isInstanceOfSatisfying(
            TaskFailedException.class,
            failed -> assertThat(failed.error()).isEqualTo("States.Permissions"));
    assertThat(cluster.taken()).isEmpty();
  }

  // ------------------------------------------------------------------ helpers

  private static String eks(String endpoint, String authority) {
    return ("{'ClusterName':'prod','Endpoint':'%s','CertificateAuthority':'%s','Namespace':'batch',"
            + "'Job':{'metadata':{'name':'pi'}}}")
        .formatted(endpoint, authority);
  }

  private static String withLogs(String options) {
    return ((ObjectNode) json(NAMED)).set("LogOptions", json(options)).toString();
  }

  private void log(String pod, String query, int status, String text) {
    cluster
        .server()
        .expect()
        .get()
        .withPath("/api/v1/namespaces/stepstream/pods/" + pod + "/log?" + query)
        .andReturn(status, text)
        .once();
  }

  private void answerLook(int status, String body) {
    cluster.server().expect().get().withPath(JOBS + "/pi").andReturn(status, body).always();
  }

  private void answerDelete(int status) {
    cluster.server().expect().delete().withPath(JOBS + "/pi").andReturn(status, "{}").once();
  }

  private Job job(String name) {
    return cluster.client().batch().v1().jobs().inNamespace("stepstream").withName(name).get();
  }

  private String attempt(JobHandler.Submitted submitted) {
    return submitted.answer().at("/ResponseBody/metadata/labels/stepstream.io~1attempt").asText();
  }

  private JobHandler.Submitted submitted(String arguments) throws Exception {
    return (JobHandler.Submitted) handler.submit(json(arguments), SYNC);
  }

  private JobHandler.Look look(JobHandler.Submitted submitted) throws Exception {
    return look(submitted.reference(), 0);
  }

  private JobHandler.Look look(String reference, int unanswered) throws Exception {
    return handler.look(new JobHandler.Job(reference, SINCE, unanswered), SYNC);
  }

  private TaskFailedException failedLook(String reference, int unanswered) {
    return catchThrowableOfType(TaskFailedException.class, () -> look(reference, unanswered));
  }

  private static JsonNode json(String text) {
    try {
      return JsonText.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
