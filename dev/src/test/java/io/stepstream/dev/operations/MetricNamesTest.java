package io.stepstream.dev.operations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** If it passed over names, the tests of alerts and dashboards could not fail. */
class MetricNamesTest {

  @Test
  void shouldFindTheNamesInQueries() {
    assertThat(
            MetricNames.inQuery(
                """
                histogram_quantile(0.99, sum by (lane, le) (rate(a_bucket{x=~"b_c|d"}[5m])))
                  > 0.05 * max by(queue) (increase(e_total[$__rate_interval]))
                or vector(0) and on (f) g:h unless i{j="k}"} == bool 1e3
                """))
        .containsExactly("a_bucket", "e_total", "g:h", "i");
    assertThat(MetricNames.inQuery("label_values(a_total, instance)")).containsExactly("a_total");
  }

  @Test
  void shouldFindTheNamesInAScrape() {
    assertThat(
            MetricNames.inScrape(
                """
                # HELP a_total Something, with b_total
                # TYPE a_total counter
                a_total{lane="standard",} 3.0
                c_seconds 1.5
                """))
        .containsExactly("a_total", "c_seconds");
  }
}
