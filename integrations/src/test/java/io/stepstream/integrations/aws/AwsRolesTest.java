package io.stepstream.integrations.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import io.stepstream.integrations.HttpStub;
import io.stepstream.integrations.JobPauses;
import io.stepstream.integrations.Visit;
import io.stepstream.worker.handler.JobHandler;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sts.StsClient;

/** Roles by STS's documented wire protocol, and the calls that are made as they. */
@Timeout(60)
final class AwsRolesTest {

  private static final String ROLE = "arn:aws:iam::222222222222:role/ledger";
  private static final String SECRET = "kept-in-the-workers-memory";
  private static final String SESSION = "session-token-of-the-role";
  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

  /** The questions to STS, each by its parameters. */
  private final List<Map<String, String>> assumed = new CopyOnWriteArrayList<>();

  /** Of all other calls: whom they acted as, and the session's token. */
  private final List<String> actors = new CopyOnWriteArrayList<>();

  private final List<String> sessions = new CopyOnWriteArrayList<>();

  private volatile int refusal;
  private volatile String refusedAs = "AccessDenied";
  private volatile Duration validity = Duration.ofHours(1);

  private HttpStub aws;
  private AwsSettings settings;
  private AwsServices services;

  @BeforeEach
  void open() throws IOException {
    aws = new HttpStub((exchange, _) -> answer(exchange));
    settings = new AwsSettings(aws.endpoint());
    services = new AwsServices();
  }

  @AfterEach
  void close() {
    services.close();
    settings.close();
    aws.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (body.startsWith("Action=AssumeRole&")) {
      assumed.add(form(body));
      exchange.getResponseHeaders().set("Content-Type", "text/xml");
      HttpStub.send(exchange, refusal == 0 ? 200 : refusal, refusal == 0 ? credentials() : error());
      return;
    }
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    actors.add(authorization.replaceAll(".*Credential=([^/]*)/.*", "$1"));
    sessions.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Security-Token")));
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    HttpStub.send(
        exchange,
        200,
        exchange.getRequestURI().getPath().equals("/v1/describejobs")
            ? "{\"jobs\":[{\"jobId\":\"j\",\"status\":\"SUCCEEDED\"}]}"
            : "{\"jobId\":\"j\",\"TableNames\":[]}");
  }

  private String credentials() {
    return """
    <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
      <AssumedRoleUser><Arn>arn:aws:sts::222222222222:assumed-role/ledger/m</Arn><AssumedRoleId>A:m</AssumedRoleId></AssumedRoleUser>
      <Credentials><AccessKeyId>ASIA%d</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken><Expiration>%s</Expiration></Credentials>
    </AssumeRoleResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleResponse>
    """
        .formatted(assumed.size(), SECRET, SESSION, Instant.now().plus(validity));
  }

  private String error() {
    return """
    <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>%s</Code>
    <Message>not with me</Message></Error><RequestId>1</RequestId></ErrorResponse>
    """
        .formatted(refusedAs);
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new TreeMap<>();
    Arrays.stream(body.split("&"))
        .map(pair -> pair.split("=", 2))
        .forEach(pair -> form.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    return form;
  }

  private JsonNode listTables(TaskContext context) throws Exception {
    return new AwsSdkHandler(services).handle(json("{}"), context);
  }

  private static Visit visit() {
    return Visit.of("arn:aws:states:::aws-sdk:dynamodb:listTables");
  }

  @Test
  void shouldAssumeTheRoleForTheStateMachineAndActAsIt() throws Exception {
    JsonNode result = listTables(visit().as(ROLE));

    assertThat(assumed)
        .containsExactly(
            Map.of(
                "Action", "AssumeRole",
                "Version", "2011-06-15",
                "RoleArn", ROLE,
                "RoleSessionName", "stepstream-m",
                "ExternalId", visit().stateMachineArn()));
    assertThat(actors).containsExactly("ASIA1");
    assertThat(sessions).containsExactly(SESSION);
    assertThat(result.toString()).doesNotContain(SECRET, SESSION, "ASIA1");
  }

  @Test
  void shouldActAsTheWorkerWithoutARole() throws Exception {
    listTables(visit());

    assertThat(assumed).isEmpty();
    assertThat(actors).containsExactly("test");
    assertThat(sessions).containsExactly("null");
  }

  @Test
  void shouldAssumeARoleOnceForAllExecutionsOfAStateMachine() throws Exception {
    listTables(visit().as(ROLE));
    listTables(visit().retried().as(ROLE));
    new OptimizedHandler(services)
        .handle(
            json("{\"TableName\":\"t\"}"), Visit.of("arn:aws:states:::dynamodb:getItem").as(ROLE));
    listTables(visit().as(ROLE + "-2"));
    listTables(visit().in("arn:aws:states:us-east-1:000000000000:stateMachine:b").as(ROLE));

    assertThat(actors).containsExactly("ASIA1", "ASIA1", "ASIA1", "ASIA2", "ASIA3");
  }

  @Test
  void shouldAssumeARoleAnewShortlyBeforeItsEnd() throws Exception {
    validity = Duration.ofSeconds(30);

    listTables(visit().as(ROLE));
    listTables(visit().as(ROLE));

    assertThat(actors).containsExactly("ASIA1", "ASIA2");
  }

  @Test
  void shouldForgetTheRoleThatWasNotAskedForTheLongest() throws Exception {
    try (AwsClients clients = new AwsClients();
        AwsRoles roles = new AwsRoles(() -> (StsClient) clients.create(StsClient.class), 2)) {
      roles.assume("role-a", visit());
      roles.assume("role-b", visit());
      roles.assume("role-a", visit());
      roles.assume("role-c", visit());
      roles.assume("role-a", visit());
      roles.assume("role-b", visit());
    }

    assertThat(assumed)
        .extracting(question -> question.get("RoleArn"))
        .containsExactly("role-a", "role-b", "role-c", "role-b");
  }

  @ParameterizedTest
  @CsvSource({
    "stateMachine:orders,orders",
    "stateMachine:a~b c,a-b-c",
    "stateMachine:m,stepstream-m",
    "stateMachine:0123456789012345678901234567890123456789012345678901234567890123456789,"
        + "0123456789012345678901234567890123456789012345678901234567890123"
  })
  void shouldNameTheSessionAfterTheStateMachine(String machine, String name) throws Exception {
    listTables(visit().in("arn:aws:states:us-east-1:000000000000:" + machine).as(ROLE));

    assertThat(assumed.getFirst()).containsEntry("RoleSessionName", name);
  }

  @Test
  void shouldFailWithoutPermissionsWhenStsRefusesTheRoleAndCallNothing() {
    refusal = 403;

    TaskFailedException refused =
        catchThrowableOfType(TaskFailedException.class, () -> listTables(visit().as(ROLE)));

    assertThat(refused.error()).isEqualTo("States.Permissions");
    assertThat(refused.causeText())
        .startsWith("The role '" + ROLE + "' could not be assumed: not with me (Service: Sts");
    assertThat(actors).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"400,Throttling", "500,InternalFailure", "503,ServiceUnavailable"})
  void shouldFailAsWithoutAnAnswerWhenStsCannotTell(int status, String code) {
    refusal = status;
    refusedAs = code;

    TaskFailedException failed =
        catchThrowableOfType(TaskFailedException.class, () -> listTables(visit().as(ROLE)));

    assertThat(failed.error()).isEqualTo("DynamoDb.SdkClientException");
    assertThat(failed.causeText()).contains("The role '" + ROLE + "' could not be assumed");
    assertThat(actors).isEmpty();
  }

  @Test
  void shouldGoToTheEndpointOfStsThatIsSet() throws Exception {
    settings.set("aws.endpointUrlSts", "http://127.0.0.1:9");

    TaskFailedException failed =
        catchThrowableOfType(TaskFailedException.class, () -> listTables(visit().as(ROLE)));

    assertThat(failed.error()).isEqualTo("DynamoDb.SdkClientException");
    assertThat(failed.causeText()).contains("could not be assumed", "127.0.0.1:9");
    assertThat(assumed).isEmpty();
  }

  @Test
  void shouldSubmitLookAndStopAsTheRole() throws Exception {
    AwsJobHandler jobs =
        new AwsJobHandler(
            services, JobTable.rules(), new JobPauses(Duration.ofMillis(1)), () -> SINCE);
    Visit sync = Visit.of("arn:aws:states:::batch:submitJob.sync").as(ROLE);

    var submitted =
        (JobHandler.Submitted)
            jobs.submit(
                json("{\"JobName\":\"n\",\"JobQueue\":\"q\",\"JobDefinition\":\"d\"}"), sync);
    jobs.look(new JobHandler.Job(submitted.reference(), SINCE, 0), sync);
    jobs.stop(submitted.reference(), sync);

    assertThat(actors).containsExactly("ASIA1", "ASIA1", "ASIA1");
    assertThat(submitted.toString()).doesNotContain(SECRET, SESSION, "ASIA1");
  }

  /** The job goes on meanwhile. */
  @Test
  void shouldLookAgainWhenStsCannotTellAndFailWhenItRefuses() throws Exception {
    AwsJobHandler jobs =
        new AwsJobHandler(
            services, JobTable.rules(), new JobPauses(Duration.ofMillis(1)), () -> SINCE);
    Visit sync = Visit.of("arn:aws:states:::batch:submitJob.sync").as(ROLE);
    JobHandler.Job job = new JobHandler.Job("{\"JobId\":\"j\"}", SINCE, 0);

    refusal = 503;
    JobHandler.Look unanswered = jobs.look(job, sync);
    refusal = 403;
    TaskFailedException refused =
        catchThrowableOfType(TaskFailedException.class, () -> jobs.look(job, sync));

    assertThat(unanswered).isInstanceOf(JobHandler.Unanswered.class);
    assertThat(refused.error()).isEqualTo("States.Permissions");
  }

  private static JsonNode json(String text) throws IOException {
    return JsonText.read(text.getBytes(StandardCharsets.UTF_8));
  }
}
