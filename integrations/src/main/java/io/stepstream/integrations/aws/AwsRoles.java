package io.stepstream.integrations.aws;

import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * The roles that tasks act as. What STS gives for a role is kept in memory until shortly before its
 * end, an hour or so, and is told to nobody. Thread safe.
 */
final class AwsRoles implements AutoCloseable {

  /** That a question to STS may take. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private static final int LONGEST_SESSION = 64;

  /**
   * Whose session it is: a role may let in some state machines only.
   *
   * @param machine ARN of the state machine
   */
  private record Session(String role, String machine) {}

  private final Supplier<StsClient> clients;
  private final Map<Session, StsAssumeRoleCredentialsProvider> sessions;

  private @Nullable StsClient sts;

  /**
   * @param most sessions that are kept; beyond that, those that were not asked for the longest are
   *     begun anew
   */
  AwsRoles(Supplier<StsClient> clients, int most) {
    this.clients = clients;
    this.sessions =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(
              Map.Entry<Session, StsAssumeRoleCredentialsProvider> eldest) {
            return size() > most;
          }
        };
  }

  /**
   * @throws TaskFailedException STS refuses the role
   * @throws SdkException STS doesn't answer, or can't just now
   * @throws InterruptedException nobody waits for the answer any more
   */
  AwsCredentials assume(String role, TaskContext context) throws InterruptedException {
    try {
      return session(new Session(role, context.stateMachineArn())).resolveCredentials();
    } catch (StsException e) {
      String cause = "The role '%s' could not be assumed: %s".formatted(role, e.getMessage());
      if (e.isThrottlingException() || e.statusCode() >= 500) {
        throw SdkClientException.create(cause, e);
      }
      throw new TaskFailedException("States.Permissions", cause);
    } catch (SdkClientException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("nobody waits for the answer any more");
      }
      throw SdkClientException.create(
          "The role '%s' could not be assumed: %s".formatted(role, e.getMessage()), e);
    }
  }

  private synchronized StsAssumeRoleCredentialsProvider session(Session session) {
    return sessions.computeIfAbsent(session, this::begin);
  }

  private StsAssumeRoleCredentialsProvider begin(Session session) {
    if (sts == null) {
      sts = clients.get();
    }
    AssumeRoleRequest request =
        AssumeRoleRequest.builder()
            .roleArn(session.role())
            .roleSessionName(name(session.machine()))
            // As AWS Step Functions: by it the owner of a role says who may assume it.
            .externalId(session.machine())
            .overrideConfiguration(override -> override.apiCallTimeout(LONGEST))
            .build();
    return StsAssumeRoleCredentialsProvider.builder()
        .stsClient(sts)
        .refreshRequest(request)
        .build();
  }

  /** Of the state machine, of the characters that STS takes. */
  private static String name(String machine) {
    String name =
        machine.substring(machine.lastIndexOf(':') + 1).replaceAll("[^A-Za-z0-9_+=,.@-]", "-");
    String padded = name.length() < 2 ? "stepstream-" + name : name;
    return padded.length() > LONGEST_SESSION ? padded.substring(0, LONGEST_SESSION) : padded;
  }

  @Override
  public synchronized void close() {
    sessions.values().forEach(StsAssumeRoleCredentialsProvider::close);
    sessions.clear();
    if (sts != null) {
      sts.close();
      sts = null;
    }
  }
}
