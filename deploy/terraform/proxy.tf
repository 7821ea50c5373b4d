resource "aws_security_group" "proxy" {
  count       = local.creates_proxy ? 1 : 0
  name_prefix = "${var.function_name}-proxy-"
  description = "${var.function_name}, RDS Proxy"
  vpc_id      = var.vpc_id
  tags        = var.tags
}

resource "aws_vpc_security_group_egress_rule" "proxy_to_database" {
  count                        = local.creates_proxy ? 1 : 0
  security_group_id            = aws_security_group.proxy[0].id
  description                  = "PostgreSQL"
  ip_protocol                  = "tcp"
  from_port                    = var.database_port
  to_port                      = var.database_port
  referenced_security_group_id = local.database.security_group_id
}

resource "aws_vpc_security_group_ingress_rule" "proxy_into_database" {
  count                        = local.creates_proxy ? 1 : 0
  security_group_id            = local.database.security_group_id
  description                  = "${var.function_name}, RDS Proxy"
  ip_protocol                  = "tcp"
  from_port                    = var.database_port
  to_port                      = var.database_port
  referenced_security_group_id = aws_security_group.proxy[0].id
}

resource "aws_iam_role" "proxy" {
  count       = local.creates_proxy ? 1 : 0
  name_prefix = "${var.function_name}-proxy-"
  tags        = var.tags
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "rds.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "proxy" {
  count = local.creates_proxy ? 1 : 0
  name  = "database-sign-in"
  role  = aws_iam_role.proxy[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "rds-db:connect"
      Resource = "${local.sign_in_arn}:${local.database.resource_id}/${var.database_user}"
    }]
  })
}

resource "aws_db_proxy" "proxy" {
  count                  = local.creates_proxy ? 1 : 0
  name                   = var.function_name
  engine_family          = "POSTGRESQL"
  default_auth_scheme    = "IAM_AUTH"
  role_arn               = aws_iam_role.proxy[0].arn
  require_tls            = true
  idle_client_timeout    = 300
  vpc_subnet_ids         = var.subnet_ids
  vpc_security_group_ids = [aws_security_group.proxy[0].id]
  tags                   = var.tags
}

resource "aws_db_proxy_default_target_group" "proxy" {
  count         = local.creates_proxy ? 1 : 0
  db_proxy_name = aws_db_proxy.proxy[0].name
  connection_pool_config {
    max_connections_percent      = 80
    max_idle_connections_percent = 40
    connection_borrow_timeout    = 3
  }
}

resource "aws_db_proxy_target" "proxy" {
  count                  = local.creates_proxy ? 1 : 0
  db_proxy_name          = aws_db_proxy.proxy[0].name
  target_group_name      = aws_db_proxy_default_target_group.proxy[0].name
  db_instance_identifier = local.database.instance_identifier
}
