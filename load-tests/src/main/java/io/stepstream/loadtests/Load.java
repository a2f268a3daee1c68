package io.stepstream.loadtests;

/** Who starts executions of a pipeline, and who sees them end. */
record Load(Completions completions, LoadGenerator generator) implements AutoCloseable {

  static Load on(Rig rig, Pipeline pipeline) {
    Completions completions = Completions.watch(rig.bootstrapServers(), pipeline);
    return new Load(
        completions, new LoadGenerator(rig.bootstrapServers(), pipeline, completions, rig.meter()));
  }

  @Override
  public void close() {
    generator.close();
    completions.close();
  }
}
