USE [master]
GO
SET ANSI_NULLS ON
GO
CREATE SCHEMA [Person] AUTHORIZATION [dbo]
GO
CREATE TYPE [dbo].[Flag] FROM [bit] NOT NULL
GO
CREATE TYPE [dbo].[Name] FROM [nvarchar](50) NULL
GO
SET QUOTED_IDENTIFIER ON
GO
CREATE TABLE [Person].[Person](
	[BusinessEntityID] [int] NOT NULL,
	[PersonType] [nchar](2) NOT NULL,
	[NameStyle] [dbo].[Flag] NOT NULL,
	[Title] [nvarchar](8) NULL,
	[FirstName] [dbo].[Name] NOT NULL,
	[AdditionalContactInfo] [xml](CONTENT [Person].[Info]) NULL,
	[rowguid] [uniqueidentifier] ROWGUIDCOL  NOT NULL,
	[ModifiedDate] [datetime] NOT NULL,
 CONSTRAINT [PK_Person] PRIMARY KEY CLUSTERED 
(
	[BusinessEntityID] ASC
)WITH (PAD_INDEX = OFF, STATISTICS_NORECOMPUTE = OFF) ON [PRIMARY]
) ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]
GO
CREATE TABLE [Sales].[Customer](
	[CustomerID] [int] IDENTITY(1,1) NOT FOR REPLICATION NOT NULL,
	[PersonID] [int] NULL,
	[AccountNumber]  AS (isnull('AW'+[dbo].[ufnLeadingZeros]([CustomerID]),'')),
	[Limit] [money] NOT NULL,
	[Photo] [varbinary](max) NULL,
	[Notes] [nvarchar](max) NULL,
	[Ver] [rowversion],
	[Level] [tinyint] NOT NULL CONSTRAINT [DF_l] DEFAULT ((1)),
	[Since] [date] NULL,
	[Node] [hierarchyid] NULL,
 CONSTRAINT [PK_C] PRIMARY KEY CLUSTERED ([CustomerID] ASC)
)
CREATE TABLE [Sales].[Order] (
	[OrderID] [int] IDENTITY(1,1) NOT NULL PRIMARY KEY,
	[CustomerID] [int] NOT NULL REFERENCES [Sales].[Customer] ([CustomerID]) ON DELETE NO ACTION,
	[Status] varchar(10) NOT NULL CHECK ([Status] IN ('new','paid', N'sent')),
	[Total] AS ([a]+[b]) PERSISTED
)
GO
CREATE TABLE [Sales].[OrderDetail](
	[OrderID] [int] NOT NULL,
	[LineNo] [smallint] NOT NULL,
	[Qty] [smallint] NOT NULL,
 CONSTRAINT [PK_OD] PRIMARY KEY CLUSTERED ([OrderID] ASC, [LineNo] ASC)
)
GO
CREATE TABLE [Sales].[DetailNote](
	[NoteID] [int] IDENTITY(1,1) NOT NULL,
	[OrderID] [int] NOT NULL,
	[LineNo] [smallint] NOT NULL,
	[Body] ntext NOT NULL,
	CONSTRAINT [PK_DN] PRIMARY KEY ([NoteID])
)
GO
CREATE TABLE [HumanResources].[Employee](
	[BusinessEntityID] [int] NOT NULL,
	[LoginID] [nvarchar](256) NOT NULL,
	CONSTRAINT [PK_E] PRIMARY KEY ([BusinessEntityID])
)
GO
ALTER TABLE [Person].[Person] ADD  CONSTRAINT [DF_NameStyle]  DEFAULT ((0)) FOR [NameStyle]
GO
ALTER TABLE [Person].[Person] ADD  CONSTRAINT [DF_rowguid]  DEFAULT (newid()) FOR [rowguid]
GO
ALTER TABLE [Person].[Person] ADD  CONSTRAINT [DF_M]  DEFAULT (getdate()) FOR [ModifiedDate]
GO
ALTER TABLE [Sales].[Customer]  WITH CHECK ADD  CONSTRAINT [FK_CP] FOREIGN KEY([PersonID])
REFERENCES [Person].[Person] ([BusinessEntityID])
GO
ALTER TABLE [Sales].[Customer] CHECK CONSTRAINT [FK_CP]
GO
ALTER TABLE [HumanResources].[Employee]  WITH CHECK ADD  CONSTRAINT [FK_EP] FOREIGN KEY([BusinessEntityID])
REFERENCES [Person].[Person] ([BusinessEntityID])
GO
ALTER TABLE [Sales].[OrderDetail]  WITH CHECK ADD  CONSTRAINT [FK_OD] FOREIGN KEY([OrderID]) REFERENCES [Sales].[Order] ([OrderID]) ON DELETE CASCADE
GO
ALTER TABLE [Sales].[DetailNote]  WITH CHECK ADD  CONSTRAINT [FK_DN] FOREIGN KEY([OrderID], [LineNo]) REFERENCES [Sales].[OrderDetail] ([OrderID], [LineNo])
GO
ALTER TABLE [Person].[Person]  WITH CHECK ADD  CONSTRAINT [CK_T] CHECK  (([PersonType] IS NULL OR (upper([PersonType])='GC' OR upper([PersonType])='SP')))
GO
EXEC sys.sp_addextendedproperty @name=N'MS_Description', @value=N'It''s a key' , @level0type=N'SCHEMA'
GO
CREATE PROCEDURE [dbo].[uspX] @a [int] = 1 AS
BEGIN
    SET NOCOUNT ON;
    SELECT * FROM [Sales].[Order]; CREATE TABLE #t (a int);
END;
GO
CREATE NONCLUSTERED INDEX [IX] ON [Sales].[Customer]([PersonID] ASC)
GO
