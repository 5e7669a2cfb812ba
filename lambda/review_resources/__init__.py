"""The custom resources: what CloudFormation has no resource type for."""
