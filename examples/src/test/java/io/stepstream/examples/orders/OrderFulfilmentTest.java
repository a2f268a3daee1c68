package io.stepstream.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.testkit.TaskMock;
import io.stepstream.testkit.TestMachine;
import io.stepstream.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The workflow alone, without its handlers: see docs/testing-your-workflows.md. */
class OrderFulfilmentTest {

  private static final Path FOLDER = Path.of("order-fulfilment");

  private final TestMachine machine;
  private final String order;

  OrderFulfilmentTest() throws IOException {
    order = Files.readString(FOLDER.resolve("input.json"));
    machine = TestMachine.load(FOLDER.resolve("machine.asl.json"));
    machine.task("ValidateOrder").returns("{\"valid\":true,\"totalCents\":9645}");
    machine.task("ReserveStock").returns("{\"Payload\":{\"reservationId\":\"R-1\"}}");
    machine
        .task("CreateShipment")
        .returns("{\"Payload\":{\"carrier\":\"Northwind\",\"trackingNumber\":\"NW-1\"}}");
    machine.task("NotifyCustomer").returns("{}");
  }

  @Test
  void shouldTryAGatewayThatTimesOutAgainAndShip() {
    TaskMock charge =
        machine
            .task("ChargePayment")
            .fails("Payments.GatewayTimeout", "no answer")
            .times(2)
            .returns("{\"chargeId\":\"ch-1\"}");

    // two retries, after one second and after two more, and a second for the picking
    TestRun run = machine.run(order).succeeded().took(Duration.ofSeconds(1 + 2 + 1));

    assertThat(run.output()).contains("\"status\":\"SHIPPED\"", "\"chargeId\":\"ch-1\"");
    assertThat(charge.inputs()).hasSize(3);
  }

  @Test
  void shouldReleaseTheStockOfEveryLineWhenTheCardIsDeclined() {
    machine.task("ChargePayment").fails("Payments.CardDeclined", "insufficient funds");
    TaskMock release = machine.task("ReleaseStock").answers(_ -> "{\"sku\":\"X\"}");

    TestRun run = machine.run(order).succeeded();

    assertThat(run.output()).contains("\"status\":\"DECLINED\"");
    assertThat(run.visitedStates()).doesNotContain("CreateShipment").endsWith("OrderDeclined");
    assertThat(release.inputs()).hasSize(3);
  }

  @Test
  void shouldShipEvenIfTheCustomerCannotBeTold() {
    machine.task("ChargePayment").returns("{\"chargeId\":\"ch-1\"}");
    machine.task("NotifyCustomer").reset().fails("Mail.Bounced", null);

    machine.run(order).succeeded();
  }

  @Test
  void shouldRejectAnOrderThatIsNotValid() {
    machine.task("ValidateOrder").reset().returns("{\"valid\":false,\"reason\":\"no lines\"}");

    machine
        .run(order)
        .failed("Orders.Invalid")
        .visited("ValidateOrder", "IsOrderValid", "RejectOrder");
  }
}
