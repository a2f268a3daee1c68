# State machines of a Stepstream installation, by Terraform's or OpenTofu's provider for AWS.
#
#   export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…     # of stepstream.security.access-keys-file; any, without authentication
#   terraform init && terraform apply -var endpoint=http://127.0.0.1:8333

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
  }
}

variable "endpoint" {
  type        = string
  default     = "http://127.0.0.1:8333"
  description = "Where the API is."
}

variable "role" {
  type        = string
  default     = "arn:aws:iam::000000000000:role/stepstream"
  description = "What policies allow the machines (docs/security.md); without authentication any ARN of a role will do."
}

provider "aws" {
  region = "us-east-1"

  # There is nothing of AWS behind it but Step Functions.
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  skip_region_validation      = true

  endpoints {
    sfn = var.endpoint
  }
}

resource "aws_sfn_state_machine" "order_fulfilment" {
  name       = "order-fulfilment"
  role_arn   = var.role
  definition = file("${path.module}/../../examples/order-fulfilment/machine.asl.json")
  publish    = true

  tags = {
    team = "orders"
  }
}

resource "aws_sfn_alias" "live" {
  name = "live"

  routing_configuration {
    state_machine_version_arn = aws_sfn_state_machine.order_fulfilment.state_machine_version_arn
    weight                    = 100
  }
}

resource "aws_sfn_activity" "approval" {
  name = "approval"
}

output "alias" {
  value = aws_sfn_alias.live.arn
}
