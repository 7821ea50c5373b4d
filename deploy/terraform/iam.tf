resource "aws_iam_role" "function" {
  name_prefix = "${var.function_name}-"
  tags        = var.tags
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "own_log_group" {
  name = "own-log-group"
  role = aws_iam_role.function.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.function.arn}:*"
    }]
  })
}

locals {
  network_actions = [
    "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
  ]
}

# What Lambda itself does with the role; code inside the function is denied it.
resource "aws_iam_role_policy" "network_interfaces" {
  name = "network-interfaces"
  role = aws_iam_role.function.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "LambdaAttachesTheFunction", Effect = "Allow", Action = local.network_actions, Resource = "*" },
      {
        Sid       = "TheFunctionItselfMayNot"
        Effect    = "Deny"
        Action    = local.network_actions
        Resource  = "*"
        Condition = { ArnEquals = { "lambda:SourceFunctionArn" = local.function_arn } }
      },
    ]
  })
}

resource "aws_iam_role_policy" "database_sign_in" {
  count = local.uses_secret ? 0 : 1
  name  = "database-sign-in"
  role  = aws_iam_role.function.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "rds-db:connect"
      Resource = "${local.sign_in_arn}:${local.server_resource_id}/${var.database_user}"
    }]
  })
}

resource "aws_iam_role_policy" "database_secret" {
  count = local.uses_secret ? 1 : 0
  name  = "database-secret"
  role  = aws_iam_role.function.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = var.secret_arn }]
  })
}

resource "aws_iam_role_policy" "traces" {
  count = var.tracing == "Active" ? 1 : 0
  name  = "traces"
  role  = aws_iam_role.function.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource = "*" }]
  })
}
