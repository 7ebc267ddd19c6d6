USE [Bikes]
GO
/****** Object:  UserDefinedDataType [dbo].[Name] ******/
CREATE TYPE [dbo].[Name] FROM [nvarchar](50) NULL
GO
CREATE TYPE [dbo].[Flag] FROM [bit] NOT NULL
GO
CREATE SCHEMA [Sales]
GO
CREATE SCHEMA [Human Resources] AUTHORIZATION [dbo]
GO
SET ANSI_NULLS ON
GO
SET QUOTED_IDENTIFIER ON
GO
CREATE TABLE [Human Resources].[Employee](
	[BusinessEntityID] [int] NOT NULL,
	[NationalIDNumber] [nvarchar](15) NOT NULL,
	[OrganizationNode] [hierarchyid] NULL,
	[OrganizationLevel]  AS ([OrganizationNode].[GetLevel]()),
	[BirthDate] [date] NOT NULL,
	[MaritalStatus] [nchar](1) NOT NULL,
	[SalariedFlag] [dbo].[Flag] NOT NULL,
	[VacationHours] [smallint] NOT NULL,
	[rowguid] [uniqueidentifier] ROWGUIDCOL  NOT NULL,
	[ModifiedDate] [datetime] NOT NULL,
 CONSTRAINT [PK_Employee_BusinessEntityID] PRIMARY KEY CLUSTERED 
(
	[BusinessEntityID] ASC
)WITH (PAD_INDEX = OFF, STATISTICS_NORECOMPUTE = OFF, IGNORE_DUP_KEY = OFF) ON [PRIMARY]
) ON [PRIMARY]
GO
CREATE TABLE [dbo].[Person](
	[BusinessEntityID] [int] IDENTITY(1,1) NOT FOR REPLICATION NOT NULL,
	[PersonType] [nchar](2) NOT NULL,
	[NameStyle] [dbo].[NameStyle] NOT NULL,
	[FirstName] [dbo].[Name] NOT NULL,
	[AdditionalContactInfo] [xml](CONTENT [Person].[AdditionalContactInfoSchemaCollection]) NULL,
	[Photo] [varbinary](max) NULL,
	[ValidFrom] [datetime2](7) GENERATED ALWAYS AS ROW START NOT NULL,
	[ValidTo] [datetime2](7) GENERATED ALWAYS AS ROW END NOT NULL,
	[Version] [timestamp] NOT NULL,
	PERIOD FOR SYSTEM_TIME ([ValidFrom], [ValidTo]),
	CONSTRAINT [PK_Person] PRIMARY KEY CLUSTERED ([BusinessEntityID] ASC)
) ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]
WITH (SYSTEM_VERSIONING = ON (HISTORY_TABLE = [dbo].[PersonHistory]))
GO
CREATE TYPE [dbo].[NameStyle] FROM [bit] NOT NULL
GO
CREATE TABLE [Sales].[SalesOrderHeader](
	[SalesOrderID] [int] IDENTITY(1,1) NOT FOR REPLICATION NOT NULL,
	[RevisionNumber] [tinyint] NOT NULL CONSTRAINT [DF_rev]  DEFAULT ((0)),
	[Status] [tinyint] NOT NULL,
	[OnlineOrderFlag] [dbo].[Flag] NOT NULL,
	[SalesOrderNumber]  AS (isnull(N'SO'+CONVERT([nvarchar](23),[SalesOrderID]),N'*** ERROR ***')),
	[CustomerID] [int] NOT NULL,
	[SalesPersonID] [int] NULL,
	[SubTotal] [money] NOT NULL CONSTRAINT [DF_sub]  DEFAULT ((0.00)),
	[TotalDue]  AS (isnull([SubTotal]+(1),(0))) PERSISTED NOT NULL,
	[Comment] [nvarchar](128) COLLATE SQL_Latin1_General_CP1_CI_AS NULL,
	[Payload] [nvarchar](max) SPARSE NULL,
	[When] [datetimeoffset](7) NULL,
PRIMARY KEY CLUSTERED 
(
	[SalesOrderID] ASC
)WITH (PAD_INDEX  = OFF) ON [PRIMARY]
) ON [PRIMARY]
GO
CREATE TABLE [Sales].[SalesOrderDetail](
	[SalesOrderID] [int] NOT NULL,
	[SalesOrderDetailID] [int] IDENTITY(1,1) NOT NULL,
	[OrderQty] [smallint] NOT NULL,
	[SpecialOfferID] [int] NOT NULL,
	[ProductID] [int] NOT NULL,
	[UnitPriceDiscount] [money] NOT NULL,
 CONSTRAINT [PK_Detail] PRIMARY KEY CLUSTERED ([SalesOrderID] ASC, [SalesOrderDetailID] ASC)
)
GO
CREATE TABLE Sales.SpecialOfferProduct (SpecialOfferID int NOT NULL, ProductID int NOT NULL, rowguid uniqueidentifier NOT NULL DEFAULT NEWSEQUENTIALID(),
  INDEX IX_inline NONCLUSTERED (ProductID),
  CONSTRAINT PK_SOP PRIMARY KEY (SpecialOfferID, ProductID))
GO
ALTER TABLE [Human Resources].[Employee] ADD  CONSTRAINT [DF_Employee_SalariedFlag]  DEFAULT ((1)) FOR [SalariedFlag]
GO
ALTER TABLE [Human Resources].[Employee] ADD  CONSTRAINT [DF_guid]  DEFAULT (newid()) FOR [rowguid]
GO
ALTER TABLE [Human Resources].[Employee]  WITH CHECK ADD  CONSTRAINT [FK_Employee_Person] FOREIGN KEY([BusinessEntityID])
REFERENCES [dbo].[Person] ([BusinessEntityID])
GO
ALTER TABLE [Human Resources].[Employee] CHECK CONSTRAINT [FK_Employee_Person]
GO
ALTER TABLE [Human Resources].[Employee]  WITH CHECK ADD  CONSTRAINT [CK_Marital] CHECK  ((upper([MaritalStatus])='S' OR upper([MaritalStatus])='M'))
GO
ALTER TABLE [Human Resources].[Employee]  WITH CHECK ADD  CONSTRAINT [CK_Vac] CHECK  (([VacationHours]>=(-40) AND [VacationHours]<=(240)))
GO
ALTER TABLE [Sales].[SalesOrderHeader]  WITH NOCHECK ADD  CONSTRAINT [FK_H_P] FOREIGN KEY([CustomerID]) REFERENCES [dbo].[Person] ([BusinessEntityID])
GO
ALTER TABLE [Sales].[SalesOrderHeader] ADD CONSTRAINT FK_H_E FOREIGN KEY([SalesPersonID]) REFERENCES [Human Resources].[Employee] ([BusinessEntityID]) ON UPDATE NO ACTION ON DELETE SET NULL NOT FOR REPLICATION
GO
ALTER TABLE [Sales].[SalesOrderDetail] ADD CONSTRAINT FK_D_H FOREIGN KEY([SalesOrderID]) REFERENCES [Sales].[SalesOrderHeader] ([SalesOrderID]) ON DELETE CASCADE,
 CONSTRAINT FK_D_S FOREIGN KEY([SpecialOfferID], [ProductID]) REFERENCES [Sales].[SpecialOfferProduct] ([SpecialOfferID], [ProductID])
GO
CREATE UNIQUE NONCLUSTERED INDEX [AK_Nat] ON [Human Resources].[Employee] ([NationalIDNumber] ASC) INCLUDE ([BirthDate]) WITH (FILLFACTOR = 90)
GO
CREATE NONCLUSTERED INDEX IX_f ON Sales.SalesOrderHeader (Status) WHERE ([Status]<(5))
GO
EXEC sys.sp_addextendedproperty @name=N'MS_Description', @value=N'Primary key for Person records.' , @level0type=N'SCHEMA',@level0name=N'dbo', @level1type=N'TABLE',@level1name=N'Person', @level2type=N'COLUMN',@level2name=N'BusinessEntityID'
GO
CREATE PROCEDURE [dbo].[uspGet] @Id int AS
BEGIN
  SET NOCOUNT ON;
  CREATE TABLE #tmp (id int);
  SELECT * FROM [dbo].[Person] WHERE BusinessEntityID = @Id;
END
GO
CREATE VIEW [Sales].[vBig] WITH SCHEMABINDING AS SELECT [SalesOrderID] FROM [Sales].[SalesOrderHeader]
GO
INSERT [dbo].[Person] ([PersonType]) VALUES (N'EM')
GO 3
