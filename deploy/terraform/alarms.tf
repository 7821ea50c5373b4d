locals {
  alarm_actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
  of_function   = { FunctionName = aws_lambda_function.function.function_name }
  of_database   = { DBInstanceIdentifier = local.database.instance_identifier }

  alarms = {
    errors = {
      description = "Invocations failed (crashes and timeouts included)."
      namespace   = "AWS/Lambda", metric = "Errors", dimensions = local.of_function, statistic = "Sum", period = 60, periods = 1
      above       = 1
    }
    throttles = {
      description = "Callers were turned away. Raise the reserved concurrency, and max_connections with it."
      namespace   = "AWS/Lambda", metric = "Throttles", dimensions = local.of_function, statistic = "Sum", period = 60, periods = 1
      above       = 1
    }
    duration = {
      description = "The slowest hundredth takes over 80 % of the timeout."
      namespace   = "AWS/Lambda", metric = "Duration", dimensions = local.of_function, statistic = "p99", period = 60, periods = 3
      above       = 0.8 * var.timeout * 1000
    }
    handler-errors = {
      description = "Handlers threw, or left a transaction, reader or COPY behind."
      namespace   = "NativeLambda", metric = "HandlerErrors", dimensions = local.of_function, statistic = "Sum", period = 60, periods = 1
      above       = 1
    }
    connection-opens = {
      description = "Over one connection a second for three minutes. See ReopensByCause on the dashboard."
      namespace   = "NativeLambda", metric = "ConnectionOpens", dimensions = local.of_function, statistic = "Sum", period = 60, periods = 3
      above       = 60
    }
    open-duration = {
      description = "Opening a connection takes over a second. The database or the way to it is slow."
      namespace   = "NativeLambda", metric = "OpenDuration", dimensions = local.of_function, statistic = "p99", period = 60, periods = 3
      above       = 1000
    }
    evictions = {
      description = "Sessions had to be evicted. Slots do not suffice."
      namespace   = "NativeLambda", metric = "Evictions", dimensions = local.of_function, statistic = "Sum", period = 60, periods = 1
      above       = 1
    }
    database-connections = {
      description = "Over 80 % of max_connections are taken."
      namespace   = "AWS/RDS", metric = "DatabaseConnections", dimensions = local.of_database, statistic = "Maximum", period = 60, periods = 3
      above       = 0.8 * var.max_connections
    }
    database-cpu = {
      description = "The database has been busy for a quarter of an hour."
      namespace   = "AWS/RDS", metric = "CPUUtilization", dimensions = local.of_database, statistic = "Average", period = 300, periods = 3
      above       = 80
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "alarm" {
  for_each            = local.alarms
  alarm_name          = "${var.function_name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  period              = each.value.period
  evaluation_periods  = each.value.periods
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.above
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "database_storage" {
  alarm_name          = "${var.function_name}-database-storage"
  alarm_description   = "Less than 2 GiB of storage are left."
  namespace           = "AWS/RDS"
  metric_name         = "FreeStorageSpace"
  dimensions          = local.of_database
  statistic           = "Minimum"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "LessThanThreshold"
  threshold           = 2147483648
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
  tags                = var.tags
}

resource "aws_cloudwatch_dashboard" "dashboard" {
  dashboard_name = var.function_name
  dashboard_body = templatefile("${path.module}/../dashboard/nativelambda.json", {
    Region               = local.region
    FunctionName         = aws_lambda_function.function.function_name
    LogGroup             = aws_cloudwatch_log_group.function.name
    DBInstanceIdentifier = local.database.instance_identifier
    MaxConnections       = var.max_connections
  })
}
