/** What operators get: metrics, alerts, dashboards, logs. */
package io.stepstream.dev.operations;
