import { ApiProperty } from '@nestjs/swagger';
import { IsEmail, IsString, Length, Matches, MaxLength } from 'class-validator';

export class SignupDto {
  @ApiProperty({ example: 'ada', description: 'Letters, digits and . _ @ + -' })
  @IsString()
  @Length(3, 64)
  @Matches(/^[\w.@+-]*$/, { message: 'username may have letters, digits and . _ @ + - only' })
  username!: string;

  @ApiProperty({ example: 'ada@example.com' })
  @IsEmail()
  email!: string;

  @ApiProperty({ example: 'three-quiet-otters', description: 'Not easy to guess' })
  @IsString()
  // bcrypt looks at the first 72 bytes only.
  @MaxLength(72)
  password!: string;
}
