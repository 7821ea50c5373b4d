# The function reaches the database, or its proxy, and nothing else. Groups are made without rules: the provider removes the one that
# AWS would give them, which lets everything out.

resource "aws_security_group" "function" {
  name_prefix = "${var.function_name}-function-"
  description = "${var.function_name}, the function"
  vpc_id      = var.vpc_id
  tags        = var.tags
}

resource "aws_vpc_security_group_egress_rule" "function_to_server" {
  security_group_id            = aws_security_group.function.id
  description                  = "PostgreSQL"
  ip_protocol                  = "tcp"
  from_port                    = var.database_port
  to_port                      = var.database_port
  referenced_security_group_id = local.server_security_group_id
}

resource "aws_vpc_security_group_ingress_rule" "function_into_server" {
  security_group_id            = local.server_security_group_id
  description                  = "${var.function_name}, the function"
  ip_protocol                  = "tcp"
  from_port                    = var.database_port
  to_port                      = var.database_port
  referenced_security_group_id = aws_security_group.function.id
}

resource "aws_security_group" "endpoint" {
  count       = local.creates_endpoint ? 1 : 0
  name_prefix = "${var.function_name}-secrets-"
  description = "${var.function_name}, the endpoint of Secrets Manager"
  vpc_id      = var.vpc_id
  tags        = var.tags
}

resource "aws_vpc_security_group_egress_rule" "function_to_endpoint" {
  count                        = local.creates_endpoint ? 1 : 0
  security_group_id            = aws_security_group.function.id
  description                  = "Secrets Manager"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.endpoint[0].id
}

resource "aws_vpc_security_group_ingress_rule" "function_into_endpoint" {
  count                        = local.creates_endpoint ? 1 : 0
  security_group_id            = aws_security_group.endpoint[0].id
  description                  = "${var.function_name}, the function"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.function.id
}

resource "aws_vpc_endpoint" "secrets" {
  count               = local.creates_endpoint ? 1 : 0
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${local.region}.secretsmanager"
  vpc_id              = var.vpc_id
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.endpoint[0].id]
  private_dns_enabled = true
  tags                = var.tags
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.function.arn }
      Action    = "secretsmanager:GetSecretValue"
      Resource  = var.secret_arn
    }]
  })
}
