# NativeLambda on PostgreSQL. docs/infrastructure.md explains it.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.region

  uses_secret      = var.secret_arn != null
  creates_proxy    = var.create_database && var.use_proxy
  creates_endpoint = local.uses_secret && var.create_secrets_endpoint
  has_url          = var.function_url_auth != "off"

  function_arn = "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${var.function_name}"
  sign_in_arn  = "arn:${local.partition}:rds-db:${local.region}:${local.account}:dbuser"

  database = var.create_database ? {
    host                = aws_db_instance.database[0].address
    resource_id         = aws_db_instance.database[0].resource_id
    instance_identifier = aws_db_instance.database[0].identifier
    security_group_id   = aws_security_group.database[0].id
    } : var.existing_database != null ? var.existing_database : {
    # The precondition of the function says what is missing.
    host                = ""
    resource_id         = ""
    instance_identifier = ""
    security_group_id   = ""
  }

  # What the function talks to. The id of a proxy is the last part of its ARN.
  server_host              = local.creates_proxy ? aws_db_proxy.proxy[0].endpoint : local.database.host
  server_resource_id       = local.creates_proxy ? split(":", aws_db_proxy.proxy[0].arn)[6] : local.database.resource_id
  server_security_group_id = local.creates_proxy ? aws_security_group.proxy[0].id : local.database.security_group_id
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${var.function_name}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

resource "aws_lambda_function" "function" {
  function_name                  = var.function_name
  description                    = "NativeLambda on PostgreSQL"
  runtime                        = "provided.al2023"
  handler                        = "bootstrap"
  architectures                  = [var.architecture]
  filename                       = var.package
  source_code_hash               = filebase64sha256(var.package)
  publish                        = true
  role                           = aws_iam_role.function.arn
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  reserved_concurrent_executions = var.reserved_concurrency
  layers                         = local.uses_secret ? [var.secrets_extension_arn] : []
  tags                           = var.tags

  tracing_config {
    mode = var.tracing
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.function.name
    application_log_level = "INFO"
    system_log_level      = "WARN"
  }

  vpc_config {
    subnet_ids         = var.subnet_ids
    security_group_ids = [aws_security_group.function.id]
  }

  environment {
    variables = merge({
      PGHOST                         = local.server_host
      PGPORT                         = tostring(var.database_port)
      PGDATABASE                     = var.database_name
      PGUSER                         = var.database_user
      PGSSLMODE                      = "verify-full"
      PGSSLROOTCERT                  = var.ca_bundle_path
      NATIVELAMBDA_AUTH              = local.uses_secret ? "secret" : "iam"
      NATIVELAMBDA_METRICS           = "on"
      NATIVELAMBDA_SERVER            = local.creates_proxy ? "rdsproxy" : "auto"
      NATIVELAMBDA_STATEMENT_TIMEOUT = "${var.timeout}s"
      }, local.uses_secret ? {
      NATIVELAMBDA_SECRET_ID = var.secret_arn
    } : {})
  }

  lifecycle {
    precondition {
      condition     = var.create_database || var.existing_database != null
      error_message = "Without create_database, existing_database must tell of one."
    }
    precondition {
      condition     = local.uses_secret || var.create_database || try(var.existing_database.resource_id, "") != ""
      error_message = "IAM tokens are allowed for one resource id and role: existing_database.resource_id must name it (db-…, not the instance's name)."
    }
    precondition {
      condition     = !local.uses_secret || var.secrets_extension_arn != null
      error_message = "secret_arn takes AWS's extension: secrets_extension_arn must name its layer."
    }
    precondition {
      condition     = !(local.uses_secret && local.creates_proxy)
      error_message = "The proxy that is created here takes IAM tokens only: secret_arn must be null."
    }
    precondition {
      condition     = var.create_database || !var.use_proxy
      error_message = "RDS Proxy is made only for a database that is created here. For one of yours give its endpoint as existing_database.host."
    }
    precondition {
      condition     = local.creates_proxy || var.reserved_concurrency < 0 || var.reserved_concurrency + var.connections_kept_back <= var.max_connections
      error_message = "Each environment holds a session: reserved_concurrency + connections_kept_back must not exceed max_connections."
    }
  }

  # Lambda needs the right to make network interfaces from the first moment to the last.
  depends_on = [aws_iam_role_policy.network_interfaces, aws_iam_role_policy.own_log_group]
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.function.function_name
  function_version = aws_lambda_function.function.version
}

resource "aws_lambda_provisioned_concurrency_config" "live" {
  count                             = var.provisioned_concurrency > 0 ? 1 : 0
  function_name                     = aws_lambda_function.function.function_name
  qualifier                         = aws_lambda_alias.live.name
  provisioned_concurrent_executions = var.provisioned_concurrency
}

resource "aws_lambda_function_url" "live" {
  count              = local.has_url ? 1 : 0
  function_name      = aws_lambda_function.function.function_name
  qualifier          = aws_lambda_alias.live.name
  authorization_type = var.function_url_auth
  invoke_mode        = "BUFFERED"
}

# A public URL takes two permissions.

resource "aws_lambda_permission" "url_called" {
  count                  = var.function_url_auth == "NONE" ? 1 : 0
  function_name          = aws_lambda_function.function.function_name
  qualifier              = aws_lambda_alias.live.name
  action                 = "lambda:InvokeFunctionUrl"
  principal              = "*"
  function_url_auth_type = "NONE"
}

resource "aws_lambda_permission" "url_invokes" {
  count                    = var.function_url_auth == "NONE" ? 1 : 0
  function_name            = aws_lambda_function.function.function_name
  qualifier                = aws_lambda_alias.live.name
  action                   = "lambda:InvokeFunction"
  principal                = "*"
  invoked_via_function_url = true
}
