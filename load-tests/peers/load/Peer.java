package load;

import java.util.concurrent.CompletionStage;

/** An engine that does the works; each stage completes when the client has the end. */
public interface Peer {

  /** One task that gets the payload and gives it back. */
  CompletionStage<?> oneTask();

  /** Set, choice, set, choice, set. */
  CompletionStage<?> fiveNodes();

  /** One task for each of so many items, all at once if the engine will. */
  CompletionStage<?> forEach();

  /** Of {@link #forEach}. */
  int items();
}
