# The function

variable "function_name" {
  description = "Name of the function, and the beginning of the names beside it."
  type        = string
  default     = "products"
}

variable "package" {
  description = "Path of the zip of build/package."
  type        = string
}

variable "architecture" {
  description = "The one that the zip was built for: x86_64 or arm64."
  type        = string
  default     = "x86_64"
  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "The architecture is x86_64 or arm64."
  }
}

variable "memory_size" {
  description = "MB. CPU comes with it: 1769 MB are one vCPU."
  type        = number
  default     = 512
}

variable "timeout" {
  description = "Seconds."
  type        = number
  default     = 10
}

variable "reserved_concurrency" {
  description = "Environments at once, each with one session. -1 reserves none, and nothing holds the function back."
  type        = number
  default     = 80
}

variable "provisioned_concurrency" {
  description = "Environments that are always initialised. 0 for none."
  type        = number
  default     = 0
}

variable "function_url_auth" {
  description = "AWS_IAM, NONE (the whole world may call it) or off."
  type        = string
  default     = "AWS_IAM"
  validation {
    condition     = contains(["AWS_IAM", "NONE", "off"], var.function_url_auth)
    error_message = "The function URL's authentication is AWS_IAM, NONE or off."
  }
}

variable "tracing" {
  description = "PassThrough or Active (X-Ray)."
  type        = string
  default     = "PassThrough"
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30
}

variable "ca_bundle_path" {
  description = "The certificate authorities in the zip. RDS Proxy has other ones than RDS."
  type        = string
  default     = "/var/task/rds-ca.pem"
}

# Network

variable "vpc_id" {
  description = "The VPC of function and database."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of two or more availability zones."
  type        = list(string)
}

# Database

variable "create_database" {
  description = "Whether RDS for PostgreSQL is created here; else existing_database tells of one."
  type        = bool
  default     = true
}

variable "existing_database" {
  description = "A database that exists: its endpoint, its resource id for IAM (db-…, cluster-… or prx-…), its instance for the metrics, and its security group, which is opened to the function."
  type = object({
    host                = string
    resource_id         = optional(string, "")
    instance_identifier = string
    security_group_id   = string
  })
  default = null
}

variable "database_name" {
  description = "Name of the database."
  type        = string
  default     = "products"
}

variable "database_user" {
  description = "The role of deploy/sql/role.sql."
  type        = string
  default     = "nativelambda"
}

variable "database_port" {
  description = "Port of the database."
  type        = number
  default     = 5432
}

variable "max_connections" {
  description = "Of the server."
  type        = number
  default     = 100
}

variable "connections_kept_back" {
  description = "Slots that are not the function's: PostgreSQL's and RDS's own, people, monitoring, other roles."
  type        = number
  default     = 20
}

variable "engine_major_version" {
  description = "Of PostgreSQL: 14 to 17."
  type        = string
  default     = "17"
  validation {
    condition     = contains(["14", "15", "16", "17"], var.engine_major_version)
    error_message = "The guards need PostgreSQL 14, and 17 is the latest that they were checked for."
  }
}

variable "database_instance_class" {
  description = "What the database runs on."
  type        = string
  default     = "db.t4g.micro"
}

variable "allocated_storage" {
  description = "GiB."
  type        = number
  default     = 20
}

variable "multi_az" {
  description = "A standby in another availability zone."
  type        = bool
  default     = false
}

variable "deletion_protection" {
  description = "Whether the database refuses to be deleted."
  type        = bool
  default     = true
}

variable "idle_session_timeout_ms" {
  description = "The server closes a session that was idle for so long."
  type        = number
  default     = 300000
}

variable "idle_in_transaction_timeout_ms" {
  description = "The server closes a session that was idle in a transaction for so long."
  type        = number
  default     = 60000
}

variable "statement_timeout_ms" {
  description = "For every role; the function brings a shorter one."
  type        = number
  default     = 900000
}

# Options

variable "use_proxy" {
  description = "RDS Proxy before the database that is created here."
  type        = bool
  default     = false
}

variable "secret_arn" {
  description = "The password from Secrets Manager, instead of IAM tokens."
  type        = string
  default     = null
}

variable "secrets_extension_arn" {
  description = "The layer AWS-Parameters-and-Secrets-Lambda-Extension of this Region and architecture."
  type        = string
  default     = null
}

variable "create_secrets_endpoint" {
  description = "An endpoint for the extension in subnets without NAT."
  type        = bool
  default     = false
}

variable "alarm_topic_arn" {
  description = "The SNS topic that alarms go to."
  type        = string
  default     = null
}

variable "tags" {
  description = "On whatever takes tags."
  type        = map(string)
  default     = {}
}
