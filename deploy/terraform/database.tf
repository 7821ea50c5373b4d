resource "aws_security_group" "database" {
  count       = var.create_database ? 1 : 0
  name_prefix = "${var.function_name}-database-"
  description = "${var.function_name}, the database"
  vpc_id      = var.vpc_id
  tags        = var.tags
}

resource "aws_db_subnet_group" "database" {
  count       = var.create_database ? 1 : 0
  name_prefix = "${var.function_name}-"
  subnet_ids  = var.subnet_ids
  tags        = var.tags
}

locals {
  # Units are PostgreSQL's own: ms for the timeouts, s for the keepalives.
  database_parameters = {
    idle_session_timeout                = var.idle_session_timeout_ms
    idle_in_transaction_session_timeout = var.idle_in_transaction_timeout_ms
    statement_timeout                   = var.statement_timeout_ms
    tcp_keepalives_idle                 = "60"
    tcp_keepalives_interval             = "10"
    tcp_keepalives_count                = "3"
    client_connection_check_interval    = "10000"
    "rds.force_ssl"                     = "1"
    password_encryption                 = "scram-sha-256"
    log_connections                     = "1"
    log_disconnections                  = "1"
    log_lock_waits                      = "1"
  }
}

resource "aws_db_parameter_group" "database" {
  count       = var.create_database ? 1 : 0
  name_prefix = "${var.function_name}-"
  description = "${var.function_name}, guards against clients that freeze"
  family      = "postgres${var.engine_major_version}"
  tags        = var.tags

  parameter {
    name         = "max_connections"
    value        = var.max_connections
    apply_method = "pending-reboot"
  }

  dynamic "parameter" {
    for_each = local.database_parameters
    content {
      name  = parameter.key
      value = parameter.value
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "database" {
  count                               = var.create_database ? 1 : 0
  identifier_prefix                   = "${var.function_name}-"
  engine                              = "postgres"
  engine_version                      = var.engine_major_version
  instance_class                      = var.database_instance_class
  allocated_storage                   = var.allocated_storage
  storage_type                        = "gp3"
  storage_encrypted                   = true
  db_name                             = var.database_name
  port                                = var.database_port
  username                            = "postgres"
  manage_master_user_password         = true
  iam_database_authentication_enabled = true
  parameter_group_name                = aws_db_parameter_group.database[0].name
  db_subnet_group_name                = aws_db_subnet_group.database[0].name
  vpc_security_group_ids              = [aws_security_group.database[0].id]
  publicly_accessible                 = false
  multi_az                            = var.multi_az
  deletion_protection                 = var.deletion_protection
  backup_retention_period             = 7
  copy_tags_to_snapshot               = true
  auto_minor_version_upgrade          = true
  enabled_cloudwatch_logs_exports     = ["postgresql"]
  skip_final_snapshot                 = false
  final_snapshot_identifier           = "${var.function_name}-final"
  tags                                = var.tags
}
