package io.stepstream.integrations.aws;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.TaskFailedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row of the {@link JobTable}: how a job of a service is submitted, found again, judged and
 * stopped. Immutable; what a row doesn't say has the meaning of most rows.
 *
 * @param resource such as {@code batch:submitJob}
 * @param service the SDK's name of the service
 * @param submit with which arguments; the template is null if the state's are the service's
 * @param ids by which the job is found, and where they are: a pointer into the answer of the
 *     submission, or the name of an argument
 * @param look the action that describes the job
 * @param description where the job is in the answer of {@link #look}
 * @param member what the result has the description under; null: the result is the description
 * @param tellsIds the result has the ids too
 * @param goneIsSuccess the job is to remove something: that it isn't there is its success
 * @param stop null: the service can't stop it
 * @param outlives what the job makes is meant to outlive the task
 * @param token the argument by which the service knows a repeated request, if the SDK's description
 *     doesn't tell; null: it does, or there is none
 * @param takenError the code of the service's error when a job of that name is there already; null:
 *     names don't tell jobs apart
 * @param refused the member of the submission's answer that lists why nothing began; null: there is
 *     none
 * @param single arguments that may be 1 only, since one job is waited for
 */
record JobRule(
    String resource,
    String service,
    Submit submit,
    AwsErrors errors,
    Map<String, String> ids,
    JobCall look,
    JsonPointer description,
    JobVerdict verdict,
    @Nullable String member,
    boolean tellsIds,
    boolean goneIsSuccess,
    @Nullable JobCall stop,
    boolean outlives,
    @Nullable String token,
    @Nullable String takenError,
    @Nullable Refusal refused,
    List<String> single) {

  /** What stops a job is told why, where it can be. */
  private static final String REASON = "The Task state which was managing this job was aborted";

  record Submit(String action, @Nullable JobCall template) {}

  record Refusal(String member, String error) {}

  JobRule {
    ids = Map.copyOf(ids);
    single = List.copyOf(single);
  }

  /** What the service is asked with. */
  ObjectNode arguments(ObjectNode given) {
    for (String name : single) {
      JsonNode count = JobCall.member(given, name);
      if (!count.isMissingNode() && count.asInt() != 1) {
        throw new TaskFailedException(
            "States.Runtime",
            ("'%s.sync' waits for one job, but %s is %s. Leave it out, and use a Map state for"
                    + " several.")
                .formatted(resource, name, count));
      }
    }
    JobCall template = submit.template();
    return template == null ? given : template.arguments(given);
  }

  /**
   * By what the job is found.
   *
   * @throws TaskFailedException the service has begun nothing, or doesn't tell what
   */
  ObjectNode ids(ObjectNode given, ObjectNode answer) {
    if (refused != null && !answer.path(refused.member()).isEmpty()) {
      throw new TaskFailedException(refused.error(), answer.toString());
    }
    ObjectNode found = JsonNodeFactory.instance.objectNode();
    ids.keySet().stream()
        .sorted()
        .forEach(
            name -> {
              String source = ids.get(name);
              JsonNode id =
                  source.startsWith("/") ? answer.at(source) : JobCall.member(given, source);
              if (!id.isTextual()) {
                throw new TaskFailedException(
                    "States.Runtime",
                    "'%s' was not answered by what names its job, %s: %s"
                        .formatted(resource, name, answer));
              }
              found.set(name, id);
            });
    return found;
  }

  /** The result of a task whose job is described so. */
  JsonNode result(JsonNode described, ObjectNode known) {
    if (member == null) {
      return described;
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.set(member, described);
    return tellsIds ? result.setAll(known) : result;
  }

  static Builder of(String resource, String service, String action, AwsErrors errors) {
    return new Builder(resource, service, action, errors);
  }

  /** Fills in a row. */
  static final class Builder {

    private final String resource;
    private final String service;
    private final String action;
    private final AwsErrors errors;
    private final Map<String, String> ids = new LinkedHashMap<>();
    private @Nullable JobCall arguments;
    private @Nullable JobCall look;
    private JsonPointer description = JsonPointer.empty();
    private @Nullable String member;
    private boolean tellsIds;
    private boolean goneIsSuccess;
    private @Nullable JobCall stop;
    private boolean outlives;
    private @Nullable String token;
    private @Nullable String takenError;
    private @Nullable Refusal refused;
    private List<String> single = List.of();

    private Builder(String resource, String service, String action, AwsErrors errors) {
      this.resource = resource;
      this.service = service;
      this.action = action;
      this.errors = errors;
    }

    Builder arguments(String template) {
      arguments = JobCall.of(action, template);
      return this;
    }

    Builder id(String name, String source) {
      ids.put(name, source);
      return this;
    }

    Builder look(String action, String template, String pointer) {
      look = JobCall.of(action, template);
      description = JsonPointer.compile(pointer);
      return this;
    }

    Builder under(String name) {
      member = name;
      return this;
    }

    Builder tellsIds() {
      tellsIds = true;
      return this;
    }

    Builder goneIsSuccess() {
      goneIsSuccess = true;
      return this;
    }

    Builder stop(String action, String template) {
      stop = JobCall.of(action, template.replace("$reason", REASON));
      return this;
    }

    Builder outlives() {
      outlives = true;
      return this;
    }

    Builder token(String name) {
      token = name;
      return this;
    }

    Builder taken(String code) {
      takenError = code;
      return this;
    }

    Builder refused(String list, String error) {
      refused = new Refusal(list, error);
      return this;
    }

    Builder single(String argument) {
      single = List.of(argument);
      return this;
    }

    JobRule ends(String pointer, Set<String> succeeded, Set<String> failed) {
      return ends(JobVerdict.byState(pointer, succeeded, failed));
    }

    JobRule ends(JobVerdict verdict) {
      if (look == null) {
        throw new IllegalStateException("nobody could tell how " + resource + " is");
      }
      return new JobRule(
          resource,
          service,
          new Submit(action, arguments),
          errors,
          ids,
          look,
          description,
          verdict,
          member,
          tellsIds,
          goneIsSuccess,
          stop,
          outlives,
          token,
          takenError,
          refused,
          single);
    }
  }
}
