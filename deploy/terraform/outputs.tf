output "function_url" {
  description = "Where the function answers HTTP."
  value       = local.has_url ? aws_lambda_function_url.live[0].function_url : null
}

output "alias_arn" {
  description = "Call this one, not the function: its version is what was deployed last."
  value       = aws_lambda_alias.live.arn
}

output "database_endpoint" {
  description = "For deploy/sql/role.sql."
  value       = local.database.host
}

output "master_secret_arn" {
  description = "Where RDS keeps the master user's password."
  value       = var.create_database ? aws_db_instance.database[0].master_user_secret[0].secret_arn : null
}

output "function_security_group_id" {
  description = "The group of the function."
  value       = aws_security_group.function.id
}
